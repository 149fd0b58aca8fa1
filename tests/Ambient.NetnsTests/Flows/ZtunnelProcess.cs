using System.Diagnostics;
using Ambient.Lab.Programs;
using Ambient.Testing.Namespaces;

namespace Ambient.NetnsTests.Flows;

/// <summary>A ztunnel of one node, as a process in the node's namespace, with its log in a file.</summary>
internal sealed class ZtunnelProcess(string log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Ends with the namespace.</summary>
    public static async Task<ZtunnelProcess> StartAsync(TestNamespace node, string directory, string name, params (string Name, string Value)[] settings)
    {
        string log = Path.Combine(directory, name + ".log");
        string[] environment = [.. settings.Select(setting => $"{setting.Name}={setting.Value}")];
        Process process = node.Start("env", [.. environment, "sh", "-c", $"exec '{ZtunnelProgram.Find(null)}' > '{log}' 2>&1"]);
        ZtunnelProcess started = new(log);
        await started.WaitForLogAsync("pod proxy started");
        return process.HasExited ? throw new InvalidOperationException(started.Log) : started;
    }

    /// <summary>All that it has logged.</summary>
    public string Log => File.Exists(log) ? File.ReadAllText(log) : "no log";

    /// <summary>The first line that contains the text.</summary>
    public async Task<string> WaitForLogAsync(string text)
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            if (Find(text) is { } line)
            {
                return line;
            }

            try
            {
                await look.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new InvalidOperationException($"'{text}' was not logged:\n{Log}");
            }
        }
    }

    private string? Find(string text) => !File.Exists(log)
        ? null
        : File.ReadAllText(log).Split('\n').SkipLast(1).FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
}
