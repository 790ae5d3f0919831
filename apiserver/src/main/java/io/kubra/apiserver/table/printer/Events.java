package io.kubra.apiserver.table.printer;

import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.TablePrinter;
import java.util.Locale;

/** Events, in the form of either group: what has two names is read under both. */
final class Events {
  private Events() {}

  static TablePrinter event() {
    return Columns.unnamed()
        .text("Last Seen", "When it happened last.", Events::lastSeen)
        .text("Type", "Normal or Warning.", r -> r.text("type"))
        .text("Reason", "Why, in one word.", r -> r.text("reason"))
        .text("Object", "What it happened to.", Events::object)
        .wide("Subobject", "The part that it happened to.", r -> about(r, "fieldPath"))
        .wide("Source", "Who reports it, and from where.", Events::source)
        .text("Message", "What happened.", r -> either(r, "message", "note").strip())
        .wide("First Seen", "When it happened first.", Events::firstSeen)
        .add(Column.wide("Count", "How often it happened."), Events::count)
        .add(new Column("Name", "string", "name", "The name of the event.", 1), Row::name)
        .printer();
  }

  private static String lastSeen(Row r) {
    if (r.has("series")) {
      return r.since("series", "lastObservedTime");
    }
    String own = since(r, "lastTimestamp", "deprecatedLastTimestamp");
    return own.equals(Row.UNKNOWN) ? firstSeen(r) : own;
  }

  private static String firstSeen(Row r) {
    String own = since(r, "firstTimestamp", "deprecatedFirstTimestamp");
    return own.equals(Row.UNKNOWN) ? r.since("eventTime") : own;
  }

  private static String since(Row r, String core, String newer) {
    return r.has(core) ? r.since(core) : r.since(newer);
  }

  private static String object(Row r) {
    String kind = about(r, "kind").toLowerCase(Locale.ROOT);
    String name = about(r, "name");
    return name.isEmpty() ? kind : kind + "/" + name;
  }

  private static String about(Row r, String field) {
    return r.has("involvedObject") ? r.text("involvedObject", field) : r.text("regarding", field);
  }

  private static String source(Row r) {
    String source = r.has("deprecatedSource") ? "deprecatedSource" : "source";
    String component =
        r.textOr(either(r, "reportingComponent", "reportingController"), source, "component");
    String host = r.textOr(r.text("reportingInstance"), source, "host");
    return host.isEmpty() ? component : component + ", " + host;
  }

  private static Object count(Row r) {
    if (r.has("series")) {
      return r.number("series", "count");
    }
    return Math.max(1, r.has("count") ? r.number("count") : r.number("deprecatedCount"));
  }

  private static String either(Row r, String core, String newer) {
    return r.textOr(r.text(newer), core);
  }
}
