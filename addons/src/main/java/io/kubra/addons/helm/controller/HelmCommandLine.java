package io.kubra.addons.helm.controller;

import java.nio.file.Path;
import java.util.List;

/** How {@code kubra helm} is started as a process. */
@FunctionalInterface
public interface HelmCommandLine {
  /**
   * The command that runs it.
   *
   * @param temporary where it keeps its temporary files
   * @param arguments what follows {@code helm}
   */
  List<String> of(Path temporary, List<String> arguments);
}
