#!/usr/bin/env python3
"""Golden numbers of `gmm-vb`, by scikit-learn: the fixed point of the updates on generated rows.

Rows come from the generator of `arviz_golden.py`, which the test has too.

    gmm_golden.py ../../plugins/vi/src/test/resources/org/thalweg/vi/gmm/sklearn.csv
"""

import csv
import pathlib
import sys

import numpy as np
import sklearn
from sklearn.mixture import BayesianGaussianMixture

from arviz_golden import Generator

WIDTH = 0.5


def rows():
    g = Generator(31)
    centres = [(-1.5, 0.0), (1.0, 1.0), (1.0, -1.0)]
    out = []
    for n in range(300):
        a, b = 0.3 * g.normal(), 0.2 * g.normal()
        x, y = centres[n % 6 % 3 if n % 2 else 0]
        out.append((x + a, y + b + 0.5 * a))
    return np.array(out)


def main(path):
    fit = BayesianGaussianMixture(
        n_components=3, tol=1e-13, reg_covar=0, max_iter=20000, n_init=5, random_state=0,
        weight_concentration_prior_type="dirichlet_distribution", weight_concentration_prior=0.2,
        mean_precision_prior=1, mean_prior=np.zeros(2), degrees_of_freedom_prior=2,
        covariance_prior=WIDTH**2 * np.eye(2),
    ).fit(rows())
    assert fit.converged_
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["scikit-learn", "alpha", "beta", "nu", "m_1", "m_2", "c_11", "c_12", "c_22"])
        order = np.lexsort((fit.means_[:, 1], np.round(fit.means_[:, 0])))
        for k in order:
            # covariances_ is W^-1 / nu
            inverse = fit.covariances_[k] * fit.degrees_of_freedom_[k]
            numbers = [
                fit.weight_concentration_[k], fit.mean_precision_[k], fit.degrees_of_freedom_[k],
                *fit.means_[k], inverse[0, 0], inverse[0, 1], inverse[1, 1]]
            writer.writerow([sklearn.__version__] + [repr(float(v)) for v in numbers])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
