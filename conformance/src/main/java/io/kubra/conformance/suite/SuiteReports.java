package io.kubra.conformance.suite;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads reports of upstream's suite: the JUnit XML that it writes ({@code junit_01.xml}), or the
 * archive that {@code sonobuoy retrieve} fetches, which holds that file below {@code
 * plugins/e2e/results}.
 */
public final class SuiteReports {
  private static final int GZIP = 0x1f8b;
  private static final int MOST_TESTS = 100_000;

  private SuiteReports() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or is neither of the two; the message says what is
   *     wrong
   */
  public static SuiteReport read(Path file) throws IOException {
    List<SuiteReport.Test> tests = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(2);
      int magic = in.read() << 8 | in.read();
      in.reset();
      if (magic == GZIP) {
        archive(new BufferedInputStream(new GZIPInputStream(in)), tests);
      } else {
        parse(in, tests);
      }
    } catch (NoSuchFileException e) {
      throw new IOException("there is no such file", e);
    }
    if (tests.isEmpty()) {
      throw new IOException("it holds no test of upstream's suite");
    }
    return new SuiteReport(String.valueOf(file.getFileName()), List.copyOf(tests));
  }

  private static void archive(InputStream in, List<SuiteReport.Test> tests) throws IOException {
    TarEntries entries = new TarEntries(in);
    for (String name = entries.next(); !name.isEmpty(); name = entries.next()) {
      if (name.contains("plugins/e2e/results/") && name.matches(".*/junit[^/]*\\.xml")) {
        parse(entries.content(), tests);
      }
    }
  }

  private static void parse(InputStream in, List<SuiteReport.Test> tests) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    // A report is data of others: it may name no files and no addresses.
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT
            && xml.getLocalName().equals("testcase")) {
          tests.add(test(xml));
          if (tests.size() > MOST_TESTS) {
            throw new IOException("it holds more than " + MOST_TESTS + " tests");
          }
        }
      }
    } catch (XMLStreamException e) {
      String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new IOException("it is not JUnit XML: " + what, e);
    }
  }

  private static SuiteReport.Test test(XMLStreamReader xml) throws XMLStreamException {
    String name = attribute(xml, "name");
    // Ginkgo says more in the attribute than JUnit's elements can.
    SuiteReport.Result result =
        switch (attribute(xml, "status")) {
          case "skipped", "pending" -> SuiteReport.Result.SKIPPED;
          case "failed", "panicked", "timedout", "interrupted", "aborted" ->
              SuiteReport.Result.FAILED;
          default -> SuiteReport.Result.PASSED;
        };
    String message = "";
    for (int depth = 1; depth > 0; ) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT) {
        depth--;
      } else if (event == XMLStreamConstants.START_ELEMENT) {
        depth++;
        switch (xml.getLocalName()) {
          case "failure", "error" -> {
            result = SuiteReport.Result.FAILED;
            message = attribute(xml, "message");
          }
          case "skipped" -> result = SuiteReport.Result.SKIPPED;
          default -> {}
        }
      }
    }
    return new SuiteReport.Test(name, result, message);
  }

  private static String attribute(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue(null, name);
    return value == null ? "" : value;
  }
}
