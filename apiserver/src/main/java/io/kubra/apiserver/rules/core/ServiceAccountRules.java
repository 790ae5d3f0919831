package io.kubra.apiserver.rules.core;

import io.kubra.apiserver.rules.KindRules;
import io.kubra.apiserver.rules.RuleContext;
import java.util.List;
import java.util.Map;

/** Rules of service accounts. */
public final class ServiceAccountRules implements KindRules {
  @Override
  public void prepareForCreate(RuleContext context, Map<String, Object> account) {
    dropEmpty(account);
  }

  @Override
  public void prepareForUpdate(
      RuleContext context, Map<String, Object> account, Map<String, Object> old) {
    dropEmpty(account);
  }

  /** References without a name refer to nothing. */
  private static void dropEmpty(Map<String, Object> account) {
    for (String list : List.of("secrets", "imagePullSecrets")) {
      if (account.get(list) instanceof List<?> references && references.isEmpty()) {
        account.remove(list);
      }
    }
  }
}
