using System.Diagnostics;
using System.Threading.Channels;

namespace Ambient.InProcessTests.Http2;

/// <summary>A python3 program of the python3-h2 package that speaks HTTP/2 over its standard streams.</summary>
internal sealed class PythonPeer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<byte[]> _toSend = Channel.CreateUnbounded<byte[]>();
    private readonly Task _sending;
    private readonly Task<string> _errors;

    public PythonPeer(string script)
    {
        // The distribution's interpreter: another one in the path would not have the package.
        ProcessStartInfo start = new("/usr/bin/python3", ["-c", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start");
        _errors = _process.StandardError.ReadToEndAsync();
        _sending = SendAllAsync();
    }

    /// <summary>Never waits: the program may be waiting for us to read.</summary>
    public void Send(byte[] bytes) => _toSend.Writer.TryWrite(bytes);

    /// <summary>0 at the end of its output.</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancel) =>
        _process.StandardOutput.BaseStream.ReadAsync(buffer, cancel);

    /// <summary>Closes its input; what it wrote to standard error if it failed, else an empty text.</summary>
    public async Task<string> FinishAsync(CancellationToken cancel)
    {
        _toSend.Writer.TryComplete();
        await _sending;
        await _process.WaitForExitAsync(cancel);
        string errors = await _errors;
        return _process.ExitCode == 0 ? string.Empty : $"exit code {_process.ExitCode}: {errors}";
    }

    public async ValueTask DisposeAsync()
    {
        _toSend.Writer.TryComplete();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task SendAllAsync()
    {
        Stream input = _process.StandardInput.BaseStream;
        try
        {
            await foreach (byte[] bytes in _toSend.Reader.ReadAllAsync())
            {
                await input.WriteAsync(bytes);
                await input.FlushAsync();
            }

            input.Close();
        }
        catch (IOException)
        {
            // The program has ended; its exit code and its output tell whether it should have.
        }
    }
}
