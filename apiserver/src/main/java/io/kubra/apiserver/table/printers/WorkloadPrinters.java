package io.kubra.apiserver.table.printers;

import static io.kubra.apiserver.table.printers.Cells.number;
import static io.kubra.apiserver.table.printers.Cells.text;

import io.kubra.api.tree.Trees;
import io.kubra.apiserver.table.HumanDuration;
import io.kubra.apiserver.table.TablePrinter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The columns of workloads: what makes pods. */
public final class WorkloadPrinters {
  public static final TablePrinter DEPLOYMENT =
      Columns.named()
          .text("Ready", "Ready pods of those wanted.", (o, n) -> ready(o))
          .number("Up-to-date", "Pods of the newest template.", (o, n) -> number(o, "status", "updatedReplicas"))
          .number("Available", "Pods ready for long enough.", (o, n) -> number(o, "status", "availableReplicas"))
          .age()
          .containers()
          .selector()
          .build();

  /** ReplicaSets and ReplicationControllers. */
  public static final TablePrinter REPLICA_SET =
      Columns.named()
          .number("Desired", "Pods wanted.", (o, n) -> number(o, "spec", "replicas"))
          .number("Current", "Pods that exist.", (o, n) -> number(o, "status", "replicas"))
          .number("Ready", "Pods that are ready.", (o, n) -> number(o, "status", "readyReplicas"))
          .age()
          .containers()
          .selector()
          .build();

  public static final TablePrinter STATEFUL_SET =
      Columns.named().text("Ready", "Ready pods of those wanted.", (o, n) -> ready(o)).age().containers().build();

  public static final TablePrinter DAEMON_SET =
      Columns.named()
          .number("Desired", "Nodes that should run the pod.", (o, n) -> number(o, "status", "desiredNumberScheduled"))
          .number("Current", "Nodes that do.", (o, n) -> number(o, "status", "currentNumberScheduled"))
          .number("Ready", "Nodes on which it is ready.", (o, n) -> number(o, "status", "numberReady"))
          .number("Up-to-date", "Nodes that run the newest template.", (o, n) -> number(o, "status", "updatedNumberScheduled"))
          .number("Available", "Nodes on which it was ready for long enough.", (o, n) -> number(o, "status", "numberAvailable"))
          .text("Node Selector", "The labels that nodes must have.", (o, n) -> Cells.labels(Trees.map(o, "spec", "template", "spec", "nodeSelector")))
          .age()
          .containers()
          .selector()
          .build();

  public static final TablePrinter JOB =
      Columns.named()
          .text("Status", "What the job is at.", (o, n) -> jobStatus(o))
          .text("Completions", "Pods that succeeded of those wanted.", (o, n) -> completions(o))
          .text("Duration", "How long it ran or has been running.", WorkloadPrinters::duration)
          .age()
          .containers()
          .selector()
          .build();

  public static final TablePrinter CRON_JOB =
      Columns.named()
          .text("Schedule", "When jobs are started.", (o, n) -> text(o, "spec", "schedule"))
          .text("Timezone", "The time zone of the schedule.", (o, n) -> Cells.textOr(Cells.NONE, o, "spec", "timeZone"))
          .text("Suspend", "Whether no jobs are started.", (o, n) -> Trees.bool(o, "spec", "suspend") ? "True" : "False")
          .number("Active", "Jobs that are running.", (o, n) -> (long) Trees.list(o, "status", "active").size())
          .text("Last Schedule", "When a job was started last.", (o, n) -> Trees.get(o, "status", "lastScheduleTime") == null ? Cells.NONE : Cells.age(o, n, "status", "lastScheduleTime"))
          .age()
          .wide("Containers", "The names of the containers.", (o, n) -> Cells.containers(jobTemplate(o), "name"))
          .wide("Images", "The images of the containers.", (o, n) -> Cells.containers(jobTemplate(o), "image"))
          .wide("Selector", "The labels that select the pods.", (o, n) -> Cells.selector(Trees.map(o, "spec", "jobTemplate", "spec", "selector")))
          .build();

  public static final TablePrinter POD_TEMPLATE =
      Columns.named()
          .text("Containers", "The names of the containers.", (o, n) -> Cells.containers(Map.of("spec", o), "name"))
          .text("Images", "The images of the containers.", (o, n) -> Cells.containers(Map.of("spec", o), "image"))
          .text("Pod Labels", "The labels of the pods.", (o, n) -> Cells.labels(Trees.map(o, "template", "metadata", "labels")))
          .build();

  public static final TablePrinter CONTROLLER_REVISION =
      Columns.named()
          .text("Controller", "The object the revision belongs to.", (o, n) -> controller(o))
          .number("Revision", "The number of the revision.", (o, n) -> number(o, "revision"))
          .age()
          .build();

  public static final TablePrinter DISRUPTION_BUDGET =
      Columns.named()
          .text("Min Available", "Pods that must stay.", (o, n) -> Cells.textOr("N/A", o, "spec", "minAvailable"))
          .text("Max Unavailable", "Pods that may go.", (o, n) -> Cells.textOr("N/A", o, "spec", "maxUnavailable"))
          .number("Allowed Disruptions", "Pods that may go now.", (o, n) -> number(o, "status", "disruptionsAllowed"))
          .age()
          .build();

  private WorkloadPrinters() {}

  private static String ready(Map<String, Object> object) {
    return number(object, "status", "readyReplicas") + "/" + number(object, "spec", "replicas");
  }

  private static Map<String, Object> jobTemplate(Map<String, Object> cronJob) {
    Map<String, Object> template = Trees.map(cronJob, "spec", "jobTemplate");
    return template == null ? Map.of() : template;
  }

  private static boolean condition(Map<String, Object> job, String type) {
    for (Map<String, Object> condition : Trees.maps(job, "status", "conditions")) {
      if (text(condition, "type").equals(type) && text(condition, "status").equals("True")) {
        return true;
      }
    }
    return false;
  }

  private static String jobStatus(Map<String, Object> job) {
    if (condition(job, "Complete")) {
      return "Complete";
    }
    if (condition(job, "Failed")) {
      return "Failed";
    }
    if (Trees.get(job, "metadata", "deletionTimestamp") != null) {
      return "Terminating";
    }
    for (String type : new String[] {"Suspended", "FailureTarget", "SuccessCriteriaMet"}) {
      if (condition(job, type)) {
        return type;
      }
    }
    return "Running";
  }

  private static String completions(Map<String, Object> job) {
    long succeeded = number(job, "status", "succeeded");
    Long wanted = Trees.integer(job, "spec", "completions");
    if (wanted != null) {
      return succeeded + "/" + wanted;
    }
    long parallel = number(job, "spec", "parallelism");
    return parallel > 1 ? succeeded + "/1 of " + parallel : succeeded + "/1";
  }

  private static String duration(Map<String, Object> job, Instant now) {
    Instant start = Cells.instant(Trees.string(job, "status", "startTime"));
    if (start == null) {
      return "";
    }
    Instant end = Cells.instant(Trees.string(job, "status", "completionTime"));
    return HumanDuration.format(Duration.between(start, end == null ? now : end));
  }

  private static String controller(Map<String, Object> revision) {
    for (Map<String, Object> owner : Trees.maps(revision, "metadata", "ownerReferences")) {
      if (Trees.bool(owner, "controller")) {
        String version = text(owner, "apiVersion");
        int slash = version.indexOf('/');
        String group = slash < 0 ? "" : "." + version.substring(0, slash);
        return text(owner, "kind").toLowerCase(java.util.Locale.ROOT) + group + "/" + text(owner, "name");
      }
    }
    return Cells.NONE;
  }
}
