using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Ambient.Kube.Resources;

namespace Ambient.Kube.Configuration;

/// <summary>One run of an exec plugin: its environment, its time limit, what it may print.</summary>
internal static class ExecRun
{
    /// <summary>Room for a person to sign in at a browser that the plugin opened.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    private const int MaxOutputBytes = 1024 * 1024;
    private const int MaxErrorCharacters = 500;

    /// <returns>What it printed.</returns>
    /// <exception cref="KubernetesConfigurationException">It is not there, failed, took too long or printed too much.</exception>
    public static async Task<byte[]> RunAsync(ExecPlugin plugin, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using Process process = Start(plugin);
        try
        {
            process.StandardInput.Close();
            Task<byte[]> output = ReadBoundedAsync(process.StandardOutput.BaseStream, either.Token);
            Task<byte[]> errors = ReadBoundedAsync(process.StandardError.BaseStream, either.Token);
            await process.WaitForExitAsync(either.Token);
            byte[] printed = await output;
            return process.ExitCode == 0 && printed.Length <= MaxOutputBytes
                ? printed
                : throw new KubernetesConfigurationException(Describe(plugin, process.ExitCode, printed.Length, await errors));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new KubernetesConfigurationException($"{plugin.Origin}: {plugin.Command} did not end within {TimeLimit.TotalSeconds:0} s.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ExecPlugin plugin)
    {
        var start = new ProcessStartInfo(plugin.Command, plugin.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in plugin.Environment)
        {
            start.Environment[name] = value;
        }

        var request = new ExecCredentialRequest(plugin.ApiVersion, "ExecCredential", new ExecCredentialRequestSpec(Interactive: false, plugin.Cluster));
        start.Environment["KUBERNETES_EXEC_INFO"] = JsonSerializer.Serialize(request, ClientJson.Default.ExecCredentialRequest);
        try
        {
            return Process.Start(start) ?? throw new KubernetesConfigurationException($"{plugin.Origin}: {plugin.Command} could not be started.");
        }
        catch (Win32Exception error)
        {
            string hint = plugin.InstallHint is null ? "" : $"\n{plugin.InstallHint}";
            throw new KubernetesConfigurationException($"{plugin.Origin}: {plugin.Command} could not be started: {error.Message}{hint}", error);
        }
    }

    /// <summary>Reads to the end, keeping a byte more than is allowed at most, so that the program is never stopped by a full pipe.</summary>
    private static async Task<byte[]> ReadBoundedAsync(Stream stream, CancellationToken cancellation)
    {
        var kept = new MemoryStream();
        byte[] buffer = new byte[8192];
        while (await stream.ReadAsync(buffer, cancellation) is int count and > 0)
        {
            kept.Write(buffer, 0, (int)Math.Min(count, MaxOutputBytes + 1 - kept.Length));
        }

        return kept.ToArray();
    }

    private static string Describe(ExecPlugin plugin, int exitCode, int printed, byte[] errors)
    {
        string said = Encoding.UTF8.GetString(errors).Trim();
        string tail = said.Length > MaxErrorCharacters ? said[^MaxErrorCharacters..] : said;
        return printed > MaxOutputBytes
            ? $"{plugin.Origin}: {plugin.Command} printed more than {MaxOutputBytes} bytes."
            : $"{plugin.Origin}: {plugin.Command} ended with {exitCode}{(tail.Length == 0 ? "" : ": " + tail)}.";
    }
}
