using System.Diagnostics;

namespace Ambient.Bench.Rig;

/// <summary>A resident program of the rig.</summary>
internal sealed class RigProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);
    private readonly Process _process;
    private readonly CpuGroup? _group;

    public RigProcess(string name, Process process, CpuGroup? group, string logFile)
    {
        Name = name;
        _process = process;
        _group = group;
        LogFile = logFile;
    }

    public string Name { get; }

    public string LogFile { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public StreamWriter Input => _process.StandardInput;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>CPU seconds so far, children included.</summary>
    public double CpuSeconds() => _group?.Seconds() ?? ProcessTree.CpuSeconds(Id);

    public ProcessMemory Memory() => ProcessTree.Memory(Id);

    public int Descriptors() => ProcessTree.Descriptors(Id);

    /// <summary>The end of what it has logged, for a failure message.</summary>
    public string LogTail()
    {
        if (!File.Exists(LogFile))
        {
            return "";
        }

        string[] lines = File.ReadAllLines(LogFile);
        return string.Join('\n', lines[Math.Max(0, lines.Length - 12)..]);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Interop.LibC.Kill(Id, Interop.LibC.SignalTerminate);
            using CancellationTokenSource patience = new(StopPatience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }
        }

        _process.Dispose();
        _group?.Remove();
    }
}
