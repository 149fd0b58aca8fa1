using Ambient.ControlPlane.Serving;

namespace Ambient.ControlPlane.Configuration;

/// <summary>Makes the options of flags and environment, and finds everything that is wrong with them at once. Pure.</summary>
public static class OptionsReader
{
    /// <param name="flags">Values by flag.</param>
    /// <param name="environment">Reads a variable; null when it is not set.</param>
    /// <param name="errors">What is wrong, a line each.</param>
    /// <returns>The options; null when something is wrong.</returns>
    public static ControlPlaneOptions? Read(
        IReadOnlyDictionary<string, string> flags, Func<string, string?> environment, out IReadOnlyList<string> errors)
    {
        List<string> problems = [];
        ControlPlaneOptions options = new();
        foreach (SettingDefinition setting in SettingCatalogue.All)
        {
            string? variable = setting.Variable.Length == 0 ? null : environment(setting.Variable);
            bool isFlag = flags.TryGetValue(setting.Flag, out string? value);
            value ??= variable;

            // A variable that is set to nothing is not set, as charts write those that they leave out.
            if (value is null || (!isFlag && value.Length == 0))
            {
                continue;
            }

            try
            {
                options = setting.Apply(options, value);
            }
            catch (FormatException error)
            {
                problems.Add($"{setting.Name} is '{value}': {error.Message}");
            }
        }

        problems.AddRange(Check(options));
        errors = problems;
        return problems.Count == 0 ? options : null;
    }

    private static IEnumerable<string> Check(ControlPlaneOptions options)
    {
        if (options.Serving.Certificate is CertificateFiles files && (files.Certificate.Length == 0 || files.Key.Length == 0))
        {
            yield return $"{SettingCatalogue.CertificateFlag} and {SettingCatalogue.KeyFlag} belong together: give both or none, and --caCertFile only with them";
        }

        if (options.Cluster is { Manifests: not null, Kubeconfig: not null } or { Manifests: not null, Context: not null })
        {
            yield return "--manifests takes the place of a cluster: leave out --kubeconfig and --context";
        }

        if (options.Serving is { PlainAddress: null, SecureAddress: null })
        {
            yield return "--grpcAddr and --secureGRPCAddr are both off, so that no proxy could connect: give one of them";
        }
    }
}
