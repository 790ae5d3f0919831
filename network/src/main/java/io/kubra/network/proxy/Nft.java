package io.kubra.network.proxy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Loads nftables scripts; each is one transaction. */
@FunctionalInterface
interface Nft {
  /**
   * Loads a script.
   *
   * @throws UncheckedIOException with nft's own words if the kernel or nft refuses it
   */
  void load(String script);

  /** The nft program of the system. */
  static Nft program() {
    return script -> {
      try {
        Process process = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
          in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
          throw new IOException("nft refused the rules: " + output.strip());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UncheckedIOException(new IOException("interrupted while loading rules", e));
      }
    };
  }
}
