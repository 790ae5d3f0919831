package io.kubra.apiserver.table.printers;

import static io.kubra.apiserver.table.printers.Cells.text;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.TablePrinter;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** The columns of events, for both of their forms. */
public final class EventPrinters {
  public static final TablePrinter EVENT =
      Columns.of()
          .text("Last Seen", "When it happened last.", EventPrinters::lastSeen)
          .text("Type", "Normal or Warning.", (o, n) -> text(o, "type"))
          .text("Reason", "What happened, in one word.", (o, n) -> text(o, "reason"))
          .text("Object", "What it happened to.", (o, n) -> object(o))
          .wide("Subobject", "The part of the object it happened to.", (o, n) -> text(o, "involvedObject", "fieldPath"))
          .wide("Source", "Who says so.", (o, n) -> source(o))
          .text("Message", "What happened.", (o, n) -> text(o, "message").strip())
          .wide("First Seen", "When it happened first.", EventPrinters::firstSeen)
          .add(new Column("Count", "integer", "", "How often it happened.", 1), (o, n) -> count(o))
          .add(new Column("Name", "string", "name", "The name of the event.", 1), (o, n) -> text(o, "metadata", "name"))
          .build();

  private EventPrinters() {}

  private static String firstSeen(Map<String, Object> event, Instant now) {
    return Trees.get(event, "firstTimestamp") != null
        ? Cells.age(event, now, "firstTimestamp")
        : Cells.age(event, now, "eventTime");
  }

  private static String lastSeen(Map<String, Object> event, Instant now) {
    if (Trees.get(event, "series", "lastObservedTime") != null) {
      return Cells.age(event, now, "series", "lastObservedTime");
    }
    return Trees.get(event, "lastTimestamp") != null
        ? Cells.age(event, now, "lastTimestamp")
        : firstSeen(event, now);
  }

  private static String object(Map<String, Object> event) {
    String kind = text(event, "involvedObject", "kind").toLowerCase(Locale.ROOT);
    String name = text(event, "involvedObject", "name");
    return name.isEmpty() ? kind : kind + "/" + name;
  }

  private static String source(Map<String, Object> event) {
    String component = text(event, "source", "component");
    if (component.isEmpty()) {
      component = text(event, "reportingComponent");
    }
    String host = text(event, "source", "host");
    return host.isEmpty() ? component : component + ", " + host;
  }

  private static Long count(Map<String, Object> event) {
    Long series = Trees.integer(event, "series", "count");
    long count = series != null ? series : Cells.number(event, "count");
    return count == 0 ? 1L : count;
  }
}
