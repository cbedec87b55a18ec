"""Log joint densities of posteriordb's models at reference draws, by scipy: posteriordb_log_joint.py POSTERIORDB OUT.csv.

What it writes is what the targets are tested against."""
import json, zipfile, csv, sys
import numpy as np
from scipy import stats, linalg
from scipy.special import logsumexp
ROOT = sys.argv[1]
def load(path):
    with zipfile.ZipFile(path) as z:
        return json.loads(z.read(z.namelist()[0]))
def data(n): return load(f"{ROOT}/data/data/{n}.json.zip")
def draws(n): return load(f"{ROOT}/draws/draws/{n}.json.zip")
N = stats.norm.logpdf
def vec(d, name, i):
    out=[]; k=1
    while f"{name}[{k}]" in d: out.append(d[f"{name}[{k}]"][i]); k+=1
    return np.array(out)
def half_cauchy(x, s): return stats.halfcauchy.logpdf(x, scale=s)
def reg(x, y, beta, sigma): return N(y, x @ beta, sigma).sum()
def kid(cols):
    def f(d):
        x = np.column_stack([np.ones(d["N"])] + [d[c] for c in cols]); y = np.array(d["kid_score"], float)
        return lambda c, i: (np.append(vec(c,"beta",i), c["sigma"][i]), half_cauchy(c["sigma"][i],2.5)+reg(x,y,vec(c,"beta",i),c["sigma"][i]))
    return f
def earn(log):
    def f(d):
        x = np.column_stack([np.ones(d["N"]), d["height"]]); y = np.array(d["earn"], float); y = np.log(y) if log else y
        return lambda c,i: (np.append(vec(c,"beta",i), c["sigma"][i]), reg(x,y,vec(c,"beta",i),c["sigma"][i]))
    return f
def blr(d):
    x=np.array(d["X"]); y=np.array(d["y"])
    return lambda c,i: (np.append(vec(c,"beta",i), c["sigma"][i]), N(vec(c,"beta",i),0,10).sum()+stats.halfnorm.logpdf(c["sigma"][i],scale=10)+reg(x,y,vec(c,"beta",i),c["sigma"][i]))
def ark(d):
    y=d["y"]; K=d["K"]
    def f(c,i):
        a=c["alpha"][i]; b=vec(c,"beta",i); s=c["sigma"][i]
        lp=N(a,0,10)+N(b,0,10).sum()+half_cauchy(s,2.5)
        for t in range(K,d["T"]):
            lp+=N(y[t], a+sum(b[k]*y[t-k-1] for k in range(K)), s)
        return np.concatenate([[a],b,[s]]), lp
    return f
def garch(d):
    y=d["y"]
    def f(c,i):
        mu,a0,a1,b1=(c[k][i] for k in ("mu","alpha0","alpha1","beta1"))
        s=d["sigma1"]; lp=N(y[0],mu,s)
        for t in range(1,d["T"]):
            s=np.sqrt(a0+a1*(y[t-1]-mu)**2+b1*s*s); lp+=N(y[t],mu,s)
        return np.array([mu,a0,a1,b1]), lp
    return f
def hmm(d):
    y=d["y"]
    def f(c,i):
        t1,t2,mu=vec(c,"theta1",i),vec(c,"theta2",i),vec(c,"mu",i)
        th=np.log(np.array([t1,t2])); g=N(y[0],mu,1)
        for t in range(1,d["N"]):
            g=np.array([logsumexp(g+th[:,k])+N(y[t],mu[k],1) for k in range(2)])
        return np.concatenate([t1,t2,mu]), N(mu[0],3,1)+N(mu[1],10,1)+logsumexp(g)
    return f
def mix(d):
    y=np.array(d["y"])
    def f(c,i):
        mu,s,th=vec(c,"mu",i),vec(c,"sigma",i),c["theta"][i]
        lp=stats.halfnorm.logpdf(s,scale=2).sum()+N(mu,0,2).sum()+stats.beta.logpdf(th,5,5)
        lp+=np.logaddexp(np.log(th)+N(y,mu[0],s[0]),np.log1p(-th)+N(y,mu[1],s[1])).sum()
        return np.concatenate([mu,s,[th]]), lp
    return f
def gp(d):
    x=np.array(d["x"],float); k=np.array(d["k"])
    def f(c,i):
        rho,al,ff=c["rho"][i],c["alpha"][i],vec(c,"f",i)
        cov=al**2*np.exp(-0.5*(x[:,None]-x[None,:])**2/rho**2)+1e-10*np.eye(len(x))
        L=np.linalg.cholesky(cov); ft=linalg.solve_triangular(L,ff,lower=True)
        f2=L@ft
        lp=stats.gamma.logpdf(rho,25,scale=0.25)+stats.halfnorm.logpdf(al,scale=2)+N(ft,0,1).sum()+stats.poisson.logpmf(k,np.exp(f2)).sum()
        return np.concatenate([[rho,al],ft]), lp
    return f
ALL=[("ark","arK","arK-arK",ark),("earn-height","earnings","earnings-earn_height",earn(False)),("logearn-height","earnings","earnings-logearn_height",earn(True)),
("garch11","garch","garch-garch11",garch),("gp-pois-regr","gp_pois_regr","gp_pois_regr-gp_pois_regr",gp),("hmm-example","hmm_example","hmm_example-hmm_example",hmm),
("kidscore-momhs","kidiq","kidiq-kidscore_momhs",kid(["mom_hs"])),("kidscore-momhsiq","kidiq","kidiq-kidscore_momhsiq",kid(["mom_hs","mom_iq"])),("kidscore-momiq","kidiq","kidiq-kidscore_momiq",kid(["mom_iq"])),
("low-dim-gauss-mix","low_dim_gauss_mix","low_dim_gauss_mix-low_dim_gauss_mix",mix),("blr","sblrc","sblrc-blr",blr)]
with open(sys.argv[2],"w") as out:
    out.write("target,data,log_joint,parameters\n")
    for name,dat,dr,f in ALL:
        g=f(data(dat)); ch=draws(dr)
        for chain,i in ((0,0),(3,500),(7,999)):
            p,lp=g(ch[chain],i)
            out.write(f"{name},{dat},{lp!r},{' '.join(repr(float(v)) for v in p)}\n".replace("np.float64(","").replace(")",""))
