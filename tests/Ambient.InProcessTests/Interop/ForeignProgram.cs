using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ambient.InProcessTests.Interop;

/// <summary>A program of somebody else, run to its end within a bound.</summary>
internal sealed class ForeignProgram : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly CancellationTokenSource _limit = new(Limit);
    private readonly Task<string> _errors;

    private ForeignProgram(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        _errors = _process.StandardError.ReadToEndAsync(_limit.Token);
    }

    public static string? SkipReasonFor(string package, string[] paths) =>
        paths.All(Path.Exists) || Environment.GetEnvironmentVariable("CI") == "true"
            ? null
            : $"needs the package {package}: {string.Join(", ", paths.Where(path => !Path.Exists(path)))} is not there";

    public static ForeignProgram Start(string program, params string[] arguments) => new(program, arguments);

    /// <summary>A script of tests/testdata/interop.</summary>
    public static ForeignProgram StartPython(string script, params string[] arguments) =>
        new(Python, [Path.Combine(ScriptDirectory(), script), .. arguments]);

    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync(_limit.Token) ?? throw new InvalidOperationException(await _errors);

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>What is left of its standard output, once it has ended.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> FinishAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync(_limit.Token);
        await _process.WaitForExitAsync(_limit.Token);
        return (_process.ExitCode, output, await _errors);
    }

    /// <summary>The JSON object that it prints last.</summary>
    public async Task<JsonElement> FinishWithJsonAsync()
    {
        (int exitCode, string output, string errors) = await FinishAsync();
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"exit code {exitCode}: {output}{errors}");
        }

        return JsonDocument.Parse(output).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _limit.Dispose();
    }

    private static string ScriptDirectory([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "testdata", "interop"));
}
