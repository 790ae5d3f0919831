package io.kubra.cli.host.check;

import io.kubra.cli.host.HostFiles;

/** One check; looks only, and within milliseconds. */
public interface HostCheck {
  /** What is checked, in a word or two. */
  String name();

  /** Looks. */
  Finding check(HostFiles host);
}
