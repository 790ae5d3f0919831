/** What Helm's commands print: tables, status reports, JSON and YAML, as the helm program does. */
@NullMarked
package io.kubra.addons.helm.report;

import org.jspecify.annotations.NullMarked;
