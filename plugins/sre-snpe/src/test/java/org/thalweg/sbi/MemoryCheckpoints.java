package org.thalweg.sbi;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.thalweg.api.data.Tensor;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;

/** The last state, in memory. */
final class MemoryCheckpoints implements Checkpoints {
  private volatile Optional<ModelReader> last = Optional.empty();
  int saves;

  @Override
  public Optional<ModelReader> latest() {
    return last;
  }

  @Override
  public void save(ModelCard card, Consumer<ModelWriter> state) {
    saves++;
    last = Optional.of(written(card, state));
  }

  static ModelReader written(ModelCard card, Consumer<ModelWriter> state) {
    Map<String, Object> values = new HashMap<>();
    Map<String, Tensor> tensors = new HashMap<>();
    state.accept(
        new ModelWriter() {
          @Override
          public void value(String key, Object value) {
            values.put(key, value);
          }

          @Override
          public void tensor(String name, Tensor tensor) {
            tensors.put(name, tensor);
          }
        });
    return new ModelReader() {
      @Override
      public ModelCard card() {
        return card;
      }

      @Override
      public Map<String, Object> values() {
        return values;
      }

      @Override
      public Set<String> tensorNames() {
        return tensors.keySet();
      }

      @Override
      public Tensor tensor(String name) {
        return tensors.get(name);
      }
    };
  }
}
