package org.thalweg.app;

import com.google.inject.ProvisionException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.thalweg.api.error.ThalwegException;

/** Why something failed, in words that a user can read. */
public final class Reason {
  private Reason() {}

  /** A refusal's own words; else what was thrown, without what only carried it. */
  public static String of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ThalwegException refusal) {
        return refusal.getMessage();
      }
    }
    Throwable thrown = thrown(failure);
    return thrown instanceof IOException e ? of(e) : thrown.toString();
  }

  /** What was thrown: Guice wraps what its providers throw into texts for developers. */
  public static Throwable thrown(Throwable failure) {
    return failure instanceof ProvisionException && failure.getCause() != null
        ? thrown(failure.getCause())
        : failure;
  }

  /** What the system said of a file, without the file's name and the exception's. */
  public static String of(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "it is there already";
    }
    if (failure instanceof EOFException) {
      return "it ends too early";
    }
    if (failure instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
