package io.kubra.conformance.report;

import io.kubra.conformance.verdict.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes all files of a run. */
public final class Reports {
  private Reports() {}

  /**
   * Makes the folder that reports will be written to.
   *
   * @throws IOException if it cannot be made
   */
  public static void prepare(Path folder) throws IOException {
    Files.createDirectories(folder);
  }

  /** Writes conformance.json, junit.xml, conformance.sarif, oscal.json and conformance.html. */
  public static void write(Report report, Path folder) throws IOException {
    prepare(folder);
    Files.write(folder.resolve("conformance.json"), JsonReport.write(report));
    Files.write(folder.resolve("junit.xml"), JUnitReport.write(report));
    Files.write(folder.resolve("conformance.sarif"), SarifReport.write(report));
    Files.write(folder.resolve("oscal.json"), OscalReport.write(report));
    Files.write(folder.resolve("conformance.html"), Html.write(report));
  }
}
