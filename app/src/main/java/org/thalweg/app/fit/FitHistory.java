package org.thalweg.app.fit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thalweg.api.estimator.FitEvent;

/** The validations of a fit as a model file keeps them, beside its {@link Provenance}. */
public final class FitHistory {
  private static final String HISTORY = "history";
  private static final String STEP = "step";
  private static final String EPOCH = "epoch";
  private static final String TRAIN = "train_log_density";
  private static final String VALIDATION = "validation_log_density";
  private static final String BEST = "best";

  private FitHistory() {}

  /** Adds the validations to what is noted in a model file. */
  static void put(Map<String, Object> provenance, List<FitEvent.Validated> history) {
    provenance.put(HISTORY, history.stream().map(FitHistory::toMap).toList());
  }

  /** As they were read from a model file; none where the model was made otherwise. */
  public static List<FitEvent.Validated> of(Map<String, Object> provenance) {
    List<FitEvent.Validated> out = new ArrayList<>();
    if (provenance.get(HISTORY) instanceof List<?> stored) {
      for (Object item : stored) {
        if (item instanceof Map<?, ?> map
            && map.get(STEP) instanceof Number step
            && map.get(EPOCH) instanceof Number epoch) {
          out.add(
              new FitEvent.Validated(
                  step.longValue(),
                  epoch.intValue(),
                  number(map.get(TRAIN)),
                  number(map.get(VALIDATION)),
                  Boolean.TRUE.equals(map.get(BEST))));
        }
      }
    }
    return List.copyOf(out);
  }

  /** JSON has no number that is not finite: it is left out. */
  private static Map<String, Object> toMap(FitEvent.Validated validated) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put(STEP, validated.step());
    out.put(EPOCH, validated.epoch());
    if (Double.isFinite(validated.trainLogDensity())) {
      out.put(TRAIN, validated.trainLogDensity());
    }
    if (Double.isFinite(validated.validationLogDensity())) {
      out.put(VALIDATION, validated.validationLogDensity());
    }
    out.put(BEST, validated.best());
    return out;
  }

  private static double number(Object stored) {
    return stored instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
