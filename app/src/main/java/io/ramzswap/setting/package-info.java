/**
 * Settings as objects: everything that is known about a setting stands in one {@link io.ramzswap.setting.Setting}.
 *
 * <pre>
 *   Setting ─▶ SettingType      name, default, help,          how a value is read and written
 *      ▲                        when it may change
 *   SettingSet                  the settings there are, in the order in which users see them
 *      ▲
 *   SettingValues               some of them with their values; immutable
 * </pre>
 *
 * <p>The command line, the configuration, the control protocol, a reload and the manual are loops over a set. None of them names
 * a setting unless a rule ties it to another one. So a new setting is one constant in {@link io.ramzswap.setting.catalogue}, the
 * code that uses it, and a test.
 */
package io.ramzswap.setting;
