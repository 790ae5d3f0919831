package io.kubra.addons.helm.controller;

import io.kubra.addons.custom.CustomObject;
import io.kubra.addons.custom.Definitions;
import io.kubra.client.ApiClient;
import io.kubra.client.ListOptions;
import io.kubra.client.events.EventRecorder;
import io.kubra.client.informer.SharedInformer;
import io.kubra.controllers.runtime.Controller;
import io.kubra.controllers.runtime.MetadataObject;
import io.kubra.controllers.runtime.ServerResources;
import io.kubra.metrics.MetricRegistry;
import io.kubra.model.ResourceType;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller of HelmCharts. It has an account of its own with all rights, as charts may hold
 * anything; whoever may write HelmCharts has these rights too.
 */
public final class HelmCharts implements AutoCloseable {
  /** The resource. */
  public static final ResourceType<CustomObject> TYPE =
      CustomObject.type("helm.kubra.io", "v1", "helmcharts", "HelmChart");

  static final String NAMESPACE = "kube-system";
  static final String ACCOUNT = "helm-controller";

  /** The user that the controller acts as. */
  public static final String USER = "system:serviceaccount:" + NAMESPACE + ":" + ACCOUNT;

  private static final Logger LOG = LoggerFactory.getLogger(HelmCharts.class);
  // Of releases only the labels are read: they tell name, revision and status.
  private static final ResourceType<MetadataObject> RELEASES =
      MetadataObject.type(
          new ServerResources.Resource("", "v1", "secrets", "Secret", true, List.of()));
  // Each may run one process of Helm, of some 190 MiB.
  private static final int WORKERS = 2;

  private final ApiClient client;
  private final SharedInformer<CustomObject> charts;
  private final SharedInformer<MetadataObject> releases;
  private final EventRecorder events;
  private final HelmRuns runs;
  private final Controller controller;
  private final Thread setup;

  private HelmCharts(ApiClient client, HelmChartsConfig config, MetricRegistry metrics) {
    this.client = client;
    this.charts = new SharedInformer<>(client.resource(TYPE), "", ListOptions.ALL);
    this.releases =
        new SharedInformer<>(
            client.resource(RELEASES), "", ListOptions.ALL.withLabels("owner=helm"));
    this.events = new EventRecorder(client, ACCOUNT, "");
    this.runs = new HelmRuns(client, config);
    ChartStatus status = new ChartStatus(client.resource(TYPE), events, InstantSource.system());
    this.controller =
        new Controller(
                metrics,
                ACCOUNT,
                WORKERS,
                new ChartReconciler(client, charts::list, status, runs)::reconcile)
            .watch(charts)
            .watch(releases, this::chartsOf);
    this.setup = Thread.ofVirtual().name(ACCOUNT).start(this::setUp);
  }

  /**
   * Starts the controller over a client that acts as {@link #USER} and stays the caller's.
   *
   * @param metrics where its queue is counted
   */
  public static HelmCharts start(
      ApiClient client, HelmChartsConfig config, MetricRegistry metrics) {
    return new HelmCharts(client, config, metrics);
  }

  private void setUp() {
    try {
      Definitions.install(client, HelmCharts.class, "helmcharts.json", TYPE);
      charts.start();
      releases.start();
      controller.start();
    } catch (InterruptedException e) {
      LOG.debug("{} ends before it began", ACCOUNT);
    }
  }

  private List<String> chartsOf(MetadataObject release) {
    Map<String, String> labels = release.metadata().labels();
    return charts.list().stream()
        .filter(c -> c.metadata().name().equals(labels.get("name")))
        .filter(c -> ChartStatus.namespace(c).equals(release.metadata().namespace()))
        .map(CustomObject::key)
        .toList();
  }

  @Override
  public void close() {
    setup.interrupt();
    controller.close();
    runs.close();
    charts.close();
    releases.close();
    events.close();
  }
}
