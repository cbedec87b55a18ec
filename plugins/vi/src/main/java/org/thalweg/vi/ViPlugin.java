package org.thalweg.vi;

import com.google.auto.service.AutoService;
import org.thalweg.api.plugin.ThalwegPlugin;

/** Offers variational inference. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class ViPlugin implements ThalwegPlugin {}
