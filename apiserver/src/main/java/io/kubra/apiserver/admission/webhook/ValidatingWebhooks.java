package io.kubra.apiserver.admission.webhook;

import io.kubra.api.status.ApiException;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.ServedForm;
import io.kubra.apiserver.admission.match.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Lets webhooks refuse objects; all are asked at once. */
final class ValidatingWebhooks implements AdmissionPlugin {
  private static final String TYPE = "validating";
  private static final String FAILED_OPEN = "failed-open.validating.webhook.admission.k8s.io/";

  private final Configurations configurations;
  private final Calls calls;

  ValidatingWebhooks(Configurations configurations, Calls calls) {
    this.configurations = configurations;
    this.calls = calls;
  }

  private record Pending(Webhook hook, int index, FutureTask<Calls.Outcome> outcome) {}

  @Override
  public String name() {
    return "ValidatingAdmissionWebhook";
  }

  @Override
  public void validate(AdmissionContext context) {
    List<Webhook> hooks = configurations.webhooks();
    if (hooks.isEmpty() || Targets.isConfiguration(context)) {
      return;
    }
    List<Pending> asked = new ArrayList<>();
    for (int i = 0; i < hooks.size(); i++) {
      Webhook hook = hooks.get(i);
      ServedForm form = calls.concerned(hook, context, TYPE);
      if (form != null) {
        Calls.Question question = calls.question(hook, context, form);
        asked.add(new Pending(hook, i, new FutureTask<>(() -> calls.ask(question, false))));
      }
    }
    run(asked);
    ApiException first = null;
    for (Pending p : asked) {
      ApiException refusal = settle(p, context);
      first = first == null ? refusal : first;
    }
    if (first != null) {
      throw first;
    }
  }

  /** One is asked by the request's own thread. */
  private static void run(List<Pending> asked) {
    for (int i = 1; i < asked.size(); i++) {
      Thread.ofVirtual().name("validating-webhook").start(asked.get(i).outcome());
    }
    if (!asked.isEmpty()) {
      asked.getFirst().outcome().run();
    }
  }

  private @Nullable ApiException settle(Pending p, AdmissionContext context) {
    try {
      Verdict verdict = calls.settle(p.hook(), p.outcome().get(), context, TYPE);
      if (verdict == null) {
        context.annotate(FAILED_OPEN + "round_0_index_" + p.index(), p.hook().name());
      }
      return null;
    } catch (ApiException e) {
      return e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ApiException.internal("interrupted while webhooks were asked");
    } catch (ExecutionException e) {
      return ApiException.internal(
          "failed calling webhook " + Verdict.quoted(p.hook().name()) + ": " + e.getCause());
    }
  }
}
