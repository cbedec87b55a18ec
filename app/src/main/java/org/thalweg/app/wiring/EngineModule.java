package org.thalweg.app.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import jakarta.inject.Singleton;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.plugin.Registry;

/** Binds the engine; nothing else does. It is opened when it is first asked for. */
public final class EngineModule extends AbstractModule {
  @Provides
  @Singleton
  Engine engine(EngineChooser chooser) {
    return chooser.open();
  }

  @Provides
  @Singleton
  EstimatorContext context(Engine engine, Registry registry) {
    return new EstimatorContext(engine, registry);
  }
}
