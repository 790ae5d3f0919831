package io.kubra.apiserver.admission.webhook;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.patch.JsonPatch;
import io.kubra.api.schema.DecodeException;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.admission.AdmissionContext;
import io.kubra.apiserver.admission.AdmissionPlugin;
import io.kubra.apiserver.admission.PatchedObject;
import io.kubra.apiserver.admission.ServedForm;
import io.kubra.apiserver.admission.match.Targets;
import io.kubra.apiserver.audit.AuditLevel;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets webhooks change objects, one after the other. */
final class MutatingWebhooks implements AdmissionPlugin {
  private static final String TYPE = "admit";
  private static final String MUTATION = "mutation.webhook.admission.k8s.io/";
  private static final String PATCH = "patch.webhook.admission.k8s.io/";

  private final Configurations configurations;
  private final Calls calls;

  MutatingWebhooks(Configurations configurations, Calls calls) {
    this.configurations = configurations;
    this.calls = calls;
  }

  /** What is to be remembered between the two rounds of one request. */
  private static final class Round {
    private final Set<String> asked = new HashSet<>();
    private final Set<String> due = new HashSet<>();
    private @Nullable Object left;

    void changed() {
      due.addAll(asked);
      asked.clear();
    }
  }

  @Override
  public String name() {
    return "MutatingAdmissionWebhook";
  }

  @Override
  public void mutate(AdmissionContext context) {
    List<Webhook> hooks = configurations.webhooks();
    if (hooks.isEmpty() || Targets.isConfiguration(context)) {
      return;
    }
    boolean again = context.reinvocation().repeating();
    Round round = context.reinvocation().note(Round.class, Round::new);
    if (again && !round.asked.isEmpty() && !Trees.equal(round.left, context.object())) {
      round.changed();
    }
    for (int i = 0; i < hooks.size(); i++) {
      Webhook hook = hooks.get(i);
      ServedForm form = calls.concerned(hook, context, TYPE);
      // What was not asked in the first round is not asked in the second either.
      if (form == null || (again && !round.due.contains(hook.id()))) {
        continue;
      }
      if (ask(hook, form, context, "round_" + (again ? 1 : 0) + "_index_" + i)) {
        round.changed();
        context.reinvocation().request();
      }
      if (hook.repeats()) {
        round.asked.add(hook.id());
      }
    }
    if (!round.asked.isEmpty()) {
      round.left = Trees.copyOrNull(context.object());
    }
  }

  /** Asks one; returns whether the object is another now. */
  private boolean ask(Webhook hook, ServedForm form, AdmissionContext context, String place) {
    Calls.Outcome outcome = calls.ask(calls.question(hook, context, form), true);
    boolean changed = false;
    try {
      Verdict verdict = calls.settle(hook, outcome, context, TYPE);
      if (verdict == null) {
        context.annotate("failed-open." + MUTATION + place, hook.name());
      } else if (verdict.patch().length > 0) {
        changed = patch(hook, form, context, verdict, place);
      }
    } finally {
      context.annotate(MUTATION + place, Json.toString(note(hook, "mutated", changed)));
    }
    return changed;
  }

  private boolean patch(
      Webhook hook, ServedForm form, AdmissionContext context, Verdict verdict, String place) {
    try {
      if (!(Json.parse(verdict.patch()) instanceof List<?> operations)) {
        throw ApiException.internal(
            "json: cannot unmarshal object into Go value of type jsonpatch.Patch");
      }
      if (operations.isEmpty()) {
        return false;
      }
      Map<String, Object> before = context.objectIn(form);
      if (before == null) {
        throw ApiException.internal(
            "admission webhook "
                + Verdict.quoted(hook.name())
                + " attempted to modify the object, which is not supported for this operation");
      }
      if (!verdict.patchType().equals("JSONPatch")) {
        throw ApiException.internal(
            "failed calling webhook "
                + Verdict.quoted(hook.name())
                + ": unsupported patch type "
                + Verdict.quoted(verdict.patchType()));
      }
      Map<String, Object> after = patched(before, operations);
      decode(after, form, context.kindIn(form));
      boolean changed = !Trees.equal(before, after);
      Map<String, Object> said = note(hook, "patch", operations);
      said.put("patchType", verdict.patchType());
      context.annotate(PATCH + place, Json.toString(said), AuditLevel.REQUEST);
      if (changed) {
        context.replaceObject(after, form);
      }
      return changed;
    } catch (JsonSyntaxException e) {
      calls.failedHere(hook, context, TYPE);
      throw ApiException.internal(e.message());
    } catch (DecodeException e) {
      calls.failedHere(hook, context, TYPE);
      throw ApiException.internal(e.message());
    } catch (ApiException e) {
      calls.failedHere(hook, context, TYPE);
      throw e;
    }
  }

  private static Map<String, Object> patched(Map<String, Object> before, List<?> operations) {
    Object after;
    try {
      after = JsonPatch.apply(before, operations);
    } catch (ApiException e) {
      // The text is in the cause; what the client asked for is not at fault.
      List<Map<String, Object>> causes = Trees.maps(e.details(), "causes");
      throw ApiException.internal(
          causes.isEmpty() ? e.message() : Trees.stringOr(causes.getFirst(), "", "message"));
    }
    Map<String, Object> object = Trees.map(after);
    if (object == null) {
      throw ApiException.internal("couldn't get version/kind; json parse error: no object");
    }
    return object;
  }

  /** Brings what was patched into the shape of its kind, as if a client had sent it. */
  private static void decode(Map<String, Object> object, ServedForm form, GroupVersionKind kind) {
    if (!kind.kind().equals(object.get("kind"))
        || !kind.groupVersion().toString().equals(object.get("apiVersion"))) {
      throw ApiException.internal(
          "the patch changed apiVersion or kind, which must stay "
              + kind.groupVersion()
              + ", "
              + kind.kind());
    }
    PatchedObject.decode(object, form, kind);
  }

  private static Map<String, Object> note(Webhook hook, String field, Object value) {
    Map<String, Object> note = new LinkedHashMap<>();
    note.put("configuration", hook.configuration());
    note.put("webhook", hook.name());
    note.put(field, value);
    return note;
  }
}
