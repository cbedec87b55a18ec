package org.thalweg.vmonf;

import com.google.auto.service.AutoService;
import org.thalweg.api.plugin.ThalwegPlugin;

/** Offers the variational mixture of flows. */
@AutoService(ThalwegPlugin.class)
@SuppressWarnings("exports") // the annotation is not there at run time
public final class VmonfPlugin implements ThalwegPlugin {}
