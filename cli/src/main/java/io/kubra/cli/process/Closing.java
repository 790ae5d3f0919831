package io.kubra.cli.process;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a process' parts. */
public final class Closing {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private Closing() {}

  /** Closes the parts, the last one started first, whatever any of them throws. */
  public static void lastFirst(List<? extends AutoCloseable> parts) {
    for (AutoCloseable part : parts.reversed()) {
      String name = part.getClass().getSimpleName();
      long from = System.nanoTime();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not close", name, e);
      }
      LOG.debug("{} closed in {} ms", name, (System.nanoTime() - from) / 1_000_000);
    }
  }
}
