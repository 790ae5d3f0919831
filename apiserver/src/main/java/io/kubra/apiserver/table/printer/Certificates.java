package io.kubra.apiserver.table.printer;

import io.kubra.apiserver.table.HumanDuration;
import io.kubra.apiserver.table.TablePrinter;
import java.time.Duration;

/** Requests for certificates. */
final class Certificates {
  private Certificates() {}

  static TablePrinter signingRequest() {
    return Columns.named()
        .age()
        .text("SignerName", "Who is to sign.", r -> r.text("spec", "signerName"))
        .text("Requestor", "Who asks.", r -> r.text("spec", "username"))
        .text("RequestedDuration", "How long it is to be valid.", Certificates::duration)
        .text("Condition", "What became of the request.", Certificates::state)
        .printer();
  }

  private static String duration(Row r) {
    return r.has("spec", "expirationSeconds")
        ? HumanDuration.format(Duration.ofSeconds(r.number("spec", "expirationSeconds")))
        : Row.NONE;
  }

  private static String state(Row r) {
    String decision =
        r.condition("Denied") != null
            ? "Denied"
            : r.condition("Approved") != null ? "Approved" : "Pending";
    return decision
        + (r.condition("Failed") != null ? ",Failed" : "")
        + (r.text("status", "certificate").isEmpty() ? "" : ",Issued");
  }
}
