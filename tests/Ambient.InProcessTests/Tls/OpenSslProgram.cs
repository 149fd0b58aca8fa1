using System.Diagnostics;
using System.Text;

namespace Ambient.InProcessTests.Tls;

/// <summary>A running <c>openssl s_client</c> or <c>s_server</c>, spoken to through its standard streams.</summary>
internal sealed class OpenSslProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public OpenSslProgram(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("openssl did not start.");
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_gate)
            {
                return _output.ToString();
            }
        }
    }

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until a line of the output holds the text, for the given time, and returns that line from there on.</summary>
    public async Task<string> WaitForAsync(string text, CancellationToken cancellation, int occurrence = 1)
    {
        while (true)
        {
            string[] parts = Output.Split(text);
            if (parts.Length > occurrence && parts[occurrence].IndexOf('\n') is int end and >= 0)
            {
                return text + parts[occurrence][..end];
            }

            try
            {
                await _arrived.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"openssl did not print '{text}'. It printed:\n{Output}");
            }
        }
    }

    public Task WaitForExitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _arrived.Dispose();
    }

    private void Append(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            _output.Append(line).Append('\n');
        }

        _arrived.Release();
    }
}
