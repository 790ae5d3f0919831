package io.kubra.apiserver.rules.extension;

import io.kubra.api.status.FieldError;
import io.kubra.api.status.FieldPath;
import io.kubra.api.tree.Trees;
import io.kubra.api.validation.Names;
import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.NameFormat;
import io.kubra.apiserver.rules.check.Checks;
import io.kubra.apiserver.rules.check.Defaults;
import java.util.List;
import java.util.Map;

/** Rules of API services, which say who serves a group version. */
public final class ApiServiceRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  @Override
  public void applyDefaults(Map<String, Object> service) {
    Map<String, Object> target = Trees.map(service, "spec", "service");
    if (target != null) {
      Defaults.number(target, "port", 443);
    }
  }

  @Override
  public List<FieldError> validate(Map<String, Object> service) {
    Checks checks = new Checks();
    String group = Trees.stringOr(service, "", "spec", "group");
    String version = Trees.stringOr(service, "", "spec", "version");
    String name = Trees.stringOr(service, "", "metadata", "name");
    String wanted = version + "." + group;
    if (!name.equals(wanted)) {
      checks.invalid(
          FieldPath.of("metadata", "name"),
          name,
          "must be `spec.version+\".\"+spec.group`: \"" + wanted + "\"");
    }
    checks.requiredName(SPEC.child("version"), version, Names::dns1035Label);
    range(checks, "groupPriorityMinimum", service, 20000);
    range(checks, "versionPriority", service, 1000);
    Map<String, Object> target = Trees.map(service, "spec", "service");
    if (target == null) {
      if (Trees.get(service, "spec", "caBundle") != null) {
        checks.invalid(SPEC.child("caBundle"), "...", "local APIServices may not have a caBundle");
      }
      return checks.errors();
    }
    checks.present(SPEC.child("service", "namespace"), Trees.string(target, "namespace"));
    checks.present(SPEC.child("service", "name"), Trees.string(target, "name"));
    if (Trees.bool(service, "spec", "insecureSkipTLSVerify")
        && Trees.get(service, "spec", "caBundle") != null) {
      checks.invalid(
          SPEC.child("insecureSkipTLSVerify"), true, "may not be true if caBundle is present");
    }
    return checks.errors();
  }

  private static void range(Checks checks, String field, Map<String, Object> service, long most) {
    long value = Trees.integerOr(service, 0, "spec", field);
    if (value <= 0 || value > most) {
      checks.invalid(
          SPEC.child(field),
          value,
          "must be positive and less than " + (most == 1000 ? "1000" : "20000"));
    }
  }

  @Override
  public NameFormat nameFormat() {
    return NameFormat.PATH_SEGMENT;
  }

  @Override
  public boolean anyFinalizer() {
    return true;
  }
}
