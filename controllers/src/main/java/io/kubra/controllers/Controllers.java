package io.kubra.controllers;

import io.kubra.client.ApiClient;
import io.kubra.controllers.cronjob.CronJobController;
import io.kubra.controllers.daemonset.DaemonSetController;
import io.kubra.controllers.deployment.DeploymentController;
import io.kubra.controllers.disruption.DisruptionController;
import io.kubra.controllers.endpointslice.EndpointSliceController;
import io.kubra.controllers.endpointslice.EndpointsController;
import io.kubra.controllers.ephemeralvolume.EphemeralVolumeController;
import io.kubra.controllers.gc.GarbageCollector;
import io.kubra.controllers.job.JobController;
import io.kubra.controllers.namespace.NamespaceController;
import io.kubra.controllers.nodeipam.NodeIpamController;
import io.kubra.controllers.nodelifecycle.NodeLifecycleController;
import io.kubra.controllers.nodelifecycle.TaintEvictionController;
import io.kubra.controllers.podautoscaler.HorizontalPodAutoscalerController;
import io.kubra.controllers.podgc.PodGarbageController;
import io.kubra.controllers.replicaset.ReplicaSetController;
import io.kubra.controllers.replication.ReplicationControllerController;
import io.kubra.controllers.resourcequota.ResourceQuotaController;
import io.kubra.controllers.runtime.ControllerContext;
import io.kubra.controllers.runtimeclass.RuntimeClassController;
import io.kubra.controllers.serviceaccount.ServiceAccountController;
import io.kubra.controllers.statefulset.StatefulSetController;
import io.kubra.controllers.ttlafterfinished.TtlAfterFinishedController;
import io.kubra.controllers.volume.PersistentVolumeController;
import io.kubra.controllers.volumeexpand.VolumeExpandController;
import io.kubra.controllers.volumeprotection.ClaimProtectionController;
import io.kubra.controllers.volumeprotection.VolumeProtectionController;
import io.kubra.metrics.MetricRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All controllers of the cluster, started and stopped together. */
public final class Controllers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controllers.class);

  private final ControllerContext context;
  private final List<AutoCloseable> running = new ArrayList<>();

  private Controllers(ControllerContext context) {
    this.context = context;
  }

  /**
   * Starts all controllers.
   *
   * @param connect makes a client that acts as the user of the given name: the service account of
   *     each controller in {@code kube-system}, and {@code system:kube-controller-manager} to read
   * @param metrics where queues and requests are counted
   */
  public static Controllers start(
      Function<String, ApiClient> connect, ControllerConfig config, MetricRegistry metrics) {
    return start(connect, config, InstantSource.system(), metrics);
  }

  /** Starts all controllers on a clock. */
  public static Controllers start(
      Function<String, ApiClient> connect,
      ControllerConfig config,
      InstantSource clock,
      MetricRegistry metrics) {
    Controllers controllers = new Controllers(new ControllerContext(connect, clock, metrics));
    controllers.startAll(config);
    return controllers;
  }

  private void startAll(ControllerConfig config) {
    running.add(new NamespaceController(context));
    running.add(new ServiceAccountController(context, config.rootCa()));
    running.add(new DeploymentController(context));
    running.add(new ReplicaSetController(context));
    running.add(new ReplicationControllerController(context));
    running.add(new StatefulSetController(context));
    running.add(new DaemonSetController(context));
    running.add(new DisruptionController(context));
    running.add(new ResourceQuotaController(context));
    running.add(new HorizontalPodAutoscalerController(context));
    running.add(new JobController(context));
    running.add(new CronJobController(context));
    running.add(new TtlAfterFinishedController(context));
    running.add(new EndpointSliceController(context));
    running.add(new EndpointsController(context));
    running.add(new NodeLifecycleController(context));
    running.add(new TaintEvictionController(context));
    running.add(new PodGarbageController(context));
    if (!config.podNetwork().isEmpty()) {
      running.add(new NodeIpamController(context, config.podNetwork(), config.nodeMask()));
    }
    running.add(new PersistentVolumeController(context));
    running.add(new ClaimProtectionController(context));
    running.add(new VolumeProtectionController(context));
    running.add(new EphemeralVolumeController(context));
    running.add(new VolumeExpandController(context));
    running.add(new RuntimeClassController(context));
    running.add(new GarbageCollector(context));
    context.informers().start();
  }

  @Override
  public void close() {
    for (AutoCloseable part : running.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("a controller did not close", e);
      }
    }
    context.close();
  }
}
