package org.thalweg.app.fit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.estimator.Split;
import org.thalweg.app.table.Ingest;
import org.thalweg.app.table.MissingValues;
import org.thalweg.app.table.TableQuery;

/**
 * Where a model comes from, as it is noted in its file: enough to find its test rows again.
 *
 * @param digest the digest of the table, as in {@link Ingest}
 * @param limit the most rows that were kept of it
 * @param split how they were divided
 * @param missing whether rows with missing features were among them
 */
public record Provenance(String digest, int limit, Split split, MissingValues missing) {
  private static final String DIGEST = "data_sha256";
  private static final String LIMIT = "max_rows";
  private static final String SPLIT = "split";
  private static final String ORDER = "split_order";
  private static final String MISSING = "missing_features";

  /** As it stands in a model file, beside what is there for people. */
  public static Map<String, Object> toMap(
      TableQuery query,
      Ingest table,
      int limit,
      Split split,
      MissingValues missing,
      EngineOptions engine,
      Map<String, String> versions) {
    Map<String, Object> out = new LinkedHashMap<>();
    query.file().ifPresent(file -> out.put("data", file.getFileName().toString()));
    query.sql().ifPresent(sql -> out.put("sql", sql));
    query.where().ifPresent(where -> out.put("where", where));
    out.put(DIGEST, table.digest());
    out.put("rows", table.rows());
    out.put("rows_refused", table.refused());
    out.put("rows_kept", table.data().size());
    out.put(LIMIT, limit);
    out.put(SPLIT, List.of(split.train(), split.validation(), split.test()));
    out.put(ORDER, split.order().name());
    if (missing == MissingValues.KEPT) {
      out.put(MISSING, "kept");
    }
    // With the seed and the engine, what decides the bits.
    out.put("threads", engine.threads());
    out.put("versions", versions);
    return out;
  }

  /** As it was read from a model file; empty where the model was made otherwise. */
  public static Optional<Provenance> of(Map<String, Object> stored) {
    if (stored.get(DIGEST) instanceof String digest
        && stored.get(LIMIT) instanceof Number limit
        && stored.get(SPLIT) instanceof List<?> parts
        && parts.size() == 3
        && parts.stream().allMatch(Number.class::isInstance)) {
      double[] p = parts.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
      Split.Order order =
          Split.Order.AS_GIVEN.name().equals(stored.get(ORDER))
              ? Split.Order.AS_GIVEN
              : Split.Order.RANDOM;
      MissingValues missing =
          "kept".equals(stored.get(MISSING)) ? MissingValues.KEPT : MissingValues.LEFT_OUT;
      return Optional.of(
          new Provenance(digest, limit.intValue(), new Split(p[0], p[1], p[2], order), missing));
    }
    return Optional.empty();
  }
}
