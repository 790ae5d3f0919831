package io.kubra.controllers.job;

import io.kubra.controllers.runtime.PodControl;
import io.kubra.model.batch.v1.Job;
import io.kubra.model.core.v1.Container;
import io.kubra.model.core.v1.EnvVar;
import io.kubra.model.core.v1.EnvVarSource;
import io.kubra.model.core.v1.ObjectFieldSelector;
import io.kubra.model.core.v1.Pod;
import io.kubra.model.core.v1.PodSpec;
import io.kubra.model.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the pods of a Job out of its template. */
final class JobTemplate {
  private static final String VARIABLE = "JOB_COMPLETION_INDEX";
  private static final int LONGEST_PREFIX = 58;

  private JobTemplate() {}

  /** A pod without index. */
  static Pod pod(Job job) {
    Pod pod = PodControl.fromTemplate(job, job.spec().template());
    return pod.withMetadata(pod.metadata().toBuilder().finalizers(tracked(pod)).build());
  }

  /**
   * A pod for an index.
   *
   * @param replaced the failed pod it replaces, if any
   */
  static Pod pod(Job job, int index, @Nullable Pod replaced) {
    Pod pod = pod(job);
    Map<String, String> annotations = new LinkedHashMap<>(pod.metadata().annotations());
    Map<String, String> labels = new LinkedHashMap<>(pod.metadata().labels());
    annotations.put(JobPods.INDEX, Integer.toString(index));
    labels.put(JobPods.INDEX, Integer.toString(index));
    if (JobPods.perIndex(job)) {
      countFailures(job, replaced, annotations);
    }
    String name = job.metadata().name();
    String suffix = "-" + index + "-";
    String prefix = name.substring(0, Math.min(name.length(), LONGEST_PREFIX - suffix.length()));
    ObjectMeta metadata =
        pod.metadata().toBuilder()
            .generateName(prefix + suffix)
            .annotations(annotations)
            .labels(labels)
            .build();
    PodSpec spec =
        pod.spec().toBuilder()
            .hostname(name + "-" + index)
            .containers(withVariable(pod.spec().containers()))
            .initContainers(withVariable(pod.spec().initContainers()))
            .build();
    return pod.toBuilder().metadata(metadata).spec(spec).build();
  }

  private static List<String> tracked(Pod pod) {
    if (JobPods.tracked(pod)) {
      return pod.metadata().finalizers();
    }
    List<String> finalizers = new ArrayList<>(pod.metadata().finalizers());
    finalizers.add(JobPods.FINALIZER);
    return finalizers;
  }

  private static void countFailures(
      Job job, @Nullable Pod replaced, Map<String, String> annotations) {
    int failures = 0;
    int ignored = 0;
    if (replaced != null) {
      failures = JobPods.failures(replaced);
      ignored = JobPods.ignoredFailures(replaced);
      if (FailurePolicy.of(job, replaced).counts()) {
        failures++;
      } else {
        ignored++;
      }
    }
    annotations.put(JobPods.FAILURES, Integer.toString(failures));
    if (ignored > 0) {
      annotations.put(JobPods.IGNORED_FAILURES, Integer.toString(ignored));
    }
  }

  private static List<Container> withVariable(List<Container> containers) {
    EnvVar variable =
        EnvVar.builder()
            .name(VARIABLE)
            .valueFrom(
                EnvVarSource.builder()
                    .fieldRef(
                        ObjectFieldSelector.builder()
                            .fieldPath("metadata.labels['" + JobPods.INDEX + "']")
                            .build())
                    .build())
            .build();
    List<Container> list = new ArrayList<>();
    for (Container container : containers) {
      if (container.env().stream().anyMatch(e -> e.name().equals(VARIABLE))) {
        list.add(container);
      } else {
        List<EnvVar> env = new ArrayList<>(container.env());
        env.add(variable);
        list.add(container.toBuilder().env(env).build());
      }
    }
    return list;
  }
}
