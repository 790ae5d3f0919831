package io.kubra.api.selector;

import io.kubra.api.selector.Requirement.Operator;
import io.kubra.api.status.ApiException;
import java.util.ArrayList;
import java.util.List;

/** Reads the query form of label selectors, token by token. */
final class LabelSelectorParser {
  private static final String SPECIAL = "=!(),><";
  private static final String OPERATORS = "in, notin, =, ==, !=, gt, lt";

  private record Token(boolean identifier, String text) {
    boolean is(String symbol) {
      return !identifier && text.equals(symbol);
    }

    boolean end() {
      return !identifier && text.isEmpty();
    }
  }

  private final List<Token> tokens = new ArrayList<>();
  private int at;

  LabelSelectorParser(String query) {
    int i = 0;
    while (i < query.length()) {
      char c = query.charAt(i);
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        i++;
      } else if (SPECIAL.indexOf(c) >= 0) {
        boolean twoLong =
            (c == '=' || c == '!') && i + 1 < query.length() && query.charAt(i + 1) == '=';
        int length = twoLong ? 2 : 1;
        tokens.add(new Token(false, query.substring(i, i + length)));
        i += length;
      } else {
        int start = i;
        while (i < query.length()
            && SPECIAL.indexOf(query.charAt(i)) < 0
            && " \t\r\n".indexOf(query.charAt(i)) < 0) {
          i++;
        }
        tokens.add(new Token(true, query.substring(start, i)));
      }
    }
    tokens.add(new Token(false, ""));
  }

  private Token peek() {
    return tokens.get(Math.min(at, tokens.size() - 1));
  }

  private Token next() {
    Token token = peek();
    at++;
    return token;
  }

  LabelSelector parse() {
    List<Requirement> requirements = new ArrayList<>();
    while (true) {
      Token token = peek();
      if (token.end()) {
        return LabelSelector.of(requirements);
      }
      if (!token.identifier() && !token.is("!")) {
        throw found(token, "!, identifier, or 'end of string'");
      }
      requirements.add(requirement());
      Token after = next();
      if (after.end()) {
        return LabelSelector.of(requirements);
      }
      if (!after.is(",")) {
        throw found(after, "',' or 'end of string'");
      }
      if (!peek().identifier() && !peek().is("!")) {
        throw found(peek(), "identifier after ','");
      }
    }
  }

  private Requirement requirement() {
    try {
      return tryRequirement();
    } catch (ApiException e) {
      throw ApiException.badRequest("unable to parse requirement: " + e.message());
    }
  }

  private Requirement tryRequirement() {
    Token token = next();
    boolean negated = token.is("!");
    if (negated) {
      token = next();
    }
    if (!token.identifier()) {
      throw found(token, "identifier");
    }
    String key = token.text();
    Token after = peek();
    if (negated) {
      return LabelSelector.requirement(key, Operator.DOES_NOT_EXIST, List.of());
    }
    if (after.end() || after.is(",")) {
      return LabelSelector.requirement(key, Operator.EXISTS, List.of());
    }
    Operator operator = operator();
    List<String> values =
        operator == Operator.IN || operator == Operator.NOT_IN ? values() : List.of(value());
    return LabelSelector.requirement(key, operator, values);
  }

  private Operator operator() {
    Token token = next();
    return switch (token.text()) {
      case "in" -> Operator.IN;
      case "notin" -> Operator.NOT_IN;
      case "=", "==" -> Operator.EQUALS;
      case "!=" -> Operator.NOT_EQUALS;
      case ">" -> Operator.GREATER_THAN;
      case "<" -> Operator.LESS_THAN;
      default -> throw found(token, OPERATORS);
    };
  }

  private String value() {
    Token token = peek();
    if (token.end() || token.is(",")) {
      return "";
    }
    if (!token.identifier()) {
      throw found(token, "identifier");
    }
    return next().text();
  }

  private List<String> values() {
    Token open = next();
    if (!open.is("(")) {
      throw ApiException.badRequest("found '" + open.text() + "' expected: '('");
    }
    List<String> values = new ArrayList<>();
    if (peek().is(")")) {
      next();
      return values;
    }
    while (true) {
      Token token = peek();
      if (token.identifier()) {
        values.add(next().text());
      } else if (token.is(",") || token.is(")")) {
        values.add("");
      } else {
        throw found(token, values.isEmpty() ? "',', ')' or identifier" : "',', or ')'");
      }
      Token separator = next();
      if (separator.is(")")) {
        return values;
      }
      if (!separator.is(",")) {
        throw found(separator, "',' or ')'");
      }
    }
  }

  private static ApiException found(Token token, String expected) {
    return ApiException.badRequest("found '" + token.text() + "', expected: " + expected);
  }
}
