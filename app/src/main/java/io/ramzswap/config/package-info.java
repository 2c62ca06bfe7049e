/**
 * The configuration files: where they are, what may be in them, and the devices that they describe. ramzswap.conf(5) tells
 * users about it.
 *
 * <pre>
 *   ConfigFiles ─▶ ConfigReader ─▶ Configuration      which files     sections, keys, values     devices
 *                                    └▶ DeviceSection: a loop over the settings
 * </pre>
 *
 * Whatever is wrong ends in one {@link io.ramzswap.config.ConfigException}, which names the file, the line and what was
 * expected there; a configuration is whole or there is none.
 */
package io.ramzswap.config;
