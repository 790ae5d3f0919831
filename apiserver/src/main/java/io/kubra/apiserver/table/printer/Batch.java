package io.kubra.apiserver.table.printer;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.Column;
import io.kubra.apiserver.table.HumanDuration;
import io.kubra.apiserver.table.TablePrinter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Jobs and what starts them. */
final class Batch {
  private static final List<String> STATES =
      List.of("Suspended", "FailureTarget", "SuccessCriteriaMet");

  private Batch() {}

  static TablePrinter job() {
    return Workloads.withSelector(
        Workloads.withContainers(
            Columns.named()
                .text("Status", "Whether the job runs or how it ended.", Batch::status)
                .text(
                    "Completions", "How many pods succeeded, of those wanted.", Batch::completions)
                .text("Duration", "How long the job has run.", Batch::duration)
                .age()));
  }

  static TablePrinter cronJob() {
    String[] podSpec = {"spec", "jobTemplate", "spec", "template", "spec"};
    Columns columns =
        Columns.named()
            .text(
                "Schedule", "When jobs start, as cron writes it.", r -> r.text("spec", "schedule"))
            .text(
                "Timezone",
                "The time zone of the schedule.",
                r -> r.textOr(Row.NONE, "spec", "timeZone"))
            .add(
                new Column("Suspend", "boolean", "", "Whether no more jobs are started.", 0),
                Batch::suspended)
            .number("Active", "How many jobs are running.", r -> r.size("status", "active"))
            .text("Last Schedule", "When a job was last started.", Batch::lastSchedule)
            .age();
    return Workloads.withContainers(columns, podSpec)
        .wide("Selector", "Selects the pods by their labels.", Batch::jobSelector)
        .printer();
  }

  private static String status(Row r) {
    if (r.conditionTrue("Complete")) {
      return "Complete";
    }
    if (r.conditionTrue("Failed")) {
      return "Failed";
    }
    if (r.deleted()) {
      return "Terminating";
    }
    return STATES.stream().filter(r::conditionTrue).findFirst().orElse("Running");
  }

  private static String completions(Row r) {
    long succeeded = r.number("status", "succeeded");
    if (r.has("spec", "completions")) {
      return succeeded + "/" + r.number("spec", "completions");
    }
    long parallelism = r.number("spec", "parallelism");
    return succeeded + "/1" + (parallelism > 1 ? " of " + parallelism : "");
  }

  private static String duration(Row r) {
    Instant start = Row.time(r.object(), "status", "startTime");
    if (start == null) {
      return "";
    }
    Instant end = Row.time(r.object(), "status", "completionTime");
    return HumanDuration.format(Duration.between(start, end == null ? r.now() : end));
  }

  private static String suspended(Row r) {
    if (!r.has("spec", "suspend")) {
      return Row.UNSET;
    }
    return r.flag("spec", "suspend") ? "True" : "False";
  }

  private static String lastSchedule(Row r) {
    return r.has("status", "lastScheduleTime") ? r.since("status", "lastScheduleTime") : Row.NONE;
  }

  private static String jobSelector(Row r) {
    return Texts.selector(Trees.map(r.object(), "spec", "jobTemplate", "spec", "selector"));
  }
}
