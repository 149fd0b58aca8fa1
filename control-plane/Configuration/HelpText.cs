using System.Globalization;
using System.Text;

namespace Ambient.ControlPlane.Configuration;

/// <summary>What <c>--help</c> prints: every setting, by area.</summary>
public static class HelpText
{
    public static string Build()
    {
        StringBuilder text = new(
            """
            control-plane: reads the objects of a cluster, and tells node proxies what they need to know of them (xDS).

            Usage: control-plane [flags]

            Names in capitals are variables of the environment. A flag counts more than a variable.

            """);
        foreach (IGrouping<string, SettingDefinition> group in SettingCatalogue.All.GroupBy(setting => setting.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{group.Key}:\n");
            foreach (SettingDefinition setting in group)
            {
                string names = string.Join(", ", new[] { setting.Flag, setting.Variable }.Where(name => name.Length > 0));
                text.Append(CultureInfo.InvariantCulture, $"  {names} {setting.Value}\n      {setting.Help} Default: {setting.Default}.\n");
            }
        }

        return text.ToString();
    }
}
