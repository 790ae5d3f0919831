package io.kubra.apiserver.admission.webhook;

import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.auth.Authorizer;
import io.kubra.apiserver.registry.ObjectReader;
import io.kubra.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.List;

/** The two plugins that call webhooks, and the connections they share. */
public final class AdmissionWebhooks implements AutoCloseable {
  private final Configurations mutating;
  private final Configurations validating;
  private final Calls calls;

  /** Follows the configurations among the objects from the first write on. */
  public AdmissionWebhooks(ObjectReader objects, Authorizer authorizer, MetricRegistry metrics) {
    this.calls = new Calls(objects, authorizer, new WebhookMetrics(metrics));
    this.mutating =
        new Configurations("mutatingwebhookconfigurations", objects, this::forgetConnections);
    this.validating =
        new Configurations("validatingwebhookconfigurations", objects, this::forgetConnections);
  }

  /** The plugin MutatingAdmissionWebhook. */
  public AdmissionPlugin mutating() {
    return new MutatingWebhooks(mutating, calls);
  }

  /** The plugin ValidatingAdmissionWebhook. */
  public AdmissionPlugin validating() {
    return new ValidatingWebhooks(validating, calls);
  }

  private void forgetConnections() {
    List<Webhook> all = new ArrayList<>(mutating.known());
    all.addAll(validating.known());
    calls.keepOnly(all);
  }

  /** Ends all connections. */
  @Override
  public void close() {
    calls.close();
  }
}
