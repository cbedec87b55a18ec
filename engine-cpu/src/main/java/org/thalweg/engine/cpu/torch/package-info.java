/**
 * The engine, tape and storage over libtorch that the CPU and the CUDA engine share; they differ in
 * their device, and in whether the host sees its memory.
 */
package org.thalweg.engine.cpu.torch;
