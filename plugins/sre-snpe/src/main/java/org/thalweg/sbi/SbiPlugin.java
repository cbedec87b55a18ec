package org.thalweg.sbi;

import com.google.auto.service.AutoService;
import org.thalweg.api.plugin.ThalwegPlugin;

/** Offers simulation-based inference. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class SbiPlugin implements ThalwegPlugin {}
