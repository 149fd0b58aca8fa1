using System.Diagnostics;
using Ambient.ApiServer;
using Ambient.Testing.Certs;

namespace Ambient.InProcessTests.ApiServer;

/// <summary>The real kubectl against one server, with a home of its own: no file of this machine's user is read or written.</summary>
internal sealed class Kubectl : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _home = new();
    private readonly Uri _server;

    public Kubectl(ApiServerHost host) => _server = host.Address;

    /// <summary>AMBIENT_KUBECTL names another version to test with.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("AMBIENT_KUBECTL") ?? "/usr/bin/kubectl";

    /// <summary>Runs a command to its end; it must succeed.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        (int code, string output, string errors) = await TryAsync("", arguments);
        Assert.True(code == 0, $"kubectl {string.Join(' ', arguments)}: exit code {code}: {output}{errors}");
        return output;
    }

    /// <summary>Runs <c>apply</c> and its like with a manifest; it must succeed.</summary>
    public async Task<string> FeedAsync(string manifest, params string[] arguments)
    {
        (int code, string output, string errors) = await TryAsync(manifest, [.. arguments, "-f", "-"]);
        Assert.True(code == 0, $"kubectl {string.Join(' ', arguments)}: exit code {code}: {output}{errors}");
        return output;
    }

    public async Task<(int Code, string Output, string Errors)> TryAsync(string input, params string[] arguments)
    {
        using Process process = Start(arguments);
        using CancellationTokenSource limit = new(Limit);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>Starts a command that goes on until it is killed, such as a watch.</summary>
    public Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new(Program, ["--server", _server.ToString(), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home.Path,
        };
        start.Environment["HOME"] = _home.Path;
        start.Environment.Remove("KUBECONFIG");
        start.Environment["NO_PROXY"] = "*";
        return Process.Start(start) ?? throw new InvalidOperationException("kubectl did not start");
    }

    public void Dispose() => _home.Dispose();
}
