package org.thalweg.deconvolution;

import com.google.auto.service.AutoService;
import org.thalweg.api.plugin.ThalwegPlugin;

/** Offers density deconvolution. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class DeconvolutionPlugin implements ThalwegPlugin {}
