package io.kubra.apiserver.rules.check;

import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.NameFormat;
import io.kubra.apiserver.table.TablePrinter;

/** Rules of kinds that have columns and a form of name, but nothing else of their own. */
public record Simple(TablePrinter printer, NameFormat nameFormat, boolean generationTracked)
    implements KindRules {

  /** Kinds that differ in their columns only. */
  public static KindRules printed(TablePrinter printer) {
    return new Simple(printer, NameFormat.DNS_SUBDOMAIN, false);
  }

  /** As {@link #printed}, with a generation that counts changes. */
  public static KindRules counted(TablePrinter printer) {
    return new Simple(printer, NameFormat.DNS_SUBDOMAIN, true);
  }
}
