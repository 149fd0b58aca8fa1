using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ambient.Lab.Interop;
using Ambient.Redirection.Commands;
using Ambient.Transport.Namespaces;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Lab.Demo.Wire;

/// <summary>A capture by tcpdump on the wire between two nodes.</summary>
internal sealed class TcpdumpRecording : IWireRecording
{
    private const int DiscardPort = 9;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly Process _tcpdump;
    private readonly string _file;
    private readonly string _namespacePath;
    private readonly IPAddress _farEnd;

    private TcpdumpRecording(Process tcpdump, string file, string namespacePath, IPAddress farEnd)
    {
        _tcpdump = tcpdump;
        _file = file;
        _namespacePath = namespacePath;
        _farEnd = farEnd;
    }

    /// <summary>Returns once packets are being captured. The far end of the wire gets a datagram that marks the recording's end.</summary>
    public static async Task<TcpdumpRecording> StartAsync(
        string namespacePath, string device, IPAddress farEnd, string file, CancellationToken cancellationToken)
    {
        var command = new ProgramCommand("tcpdump", "-i", device, "-w", file, "-U", "--immediate-mode", "-s", "0", "-n", "-Z", "root")
        {
            NetworkNamespace = namespacePath,
        };
        var tcpdump = new Process { StartInfo = ProgramRunner.BuildStartInfo(command) };
        tcpdump.Start();
        var recording = new TcpdumpRecording(tcpdump, file, namespacePath, farEnd);
        try
        {
            await recording.WaitForStartAsync(cancellationToken);
            return recording;
        }
        catch (Exception)
        {
            await recording.DisposeAsync();
            throw;
        }
    }

    public async Task<WireEvidence> StopAsync(CancellationToken cancellationToken)
    {
        // Packets keep their order on the wire: once the mark is in the file, so is all that went before.
        byte[] mark = Encoding.ASCII.GetBytes($"end of recording {Guid.NewGuid():N}");
        SendMark(mark);
        long begin = TimeProvider.System.GetTimestamp();
        IReadOnlyList<WireChunk> packets = [];
        int end = -1;
        while (end < 0)
        {
            if (TimeProvider.System.GetElapsedTime(begin) > Timeout)
            {
                throw new LabException("tcpdump did not record the mark at the end of the recording.", "Repeat the demo; the machine may be overloaded.");
            }

            await Task.Delay(PollInterval, cancellationToken);
            packets = PcapFile.Parse(await File.ReadAllBytesAsync(_file, cancellationToken));
            end = packets.ToList().FindIndex(packet => packet.Bytes.Span.IndexOf(mark) >= 0);
        }

        await DisposeAsync();
        return new WireEvidence([.. packets.Take(end)]);
    }

    public async ValueTask DisposeAsync()
    {
        using (SafeFileHandle? handle = _tcpdump.HasExited ? null : ProcessSignals.Open(_tcpdump.Id))
        {
            if (handle is not null)
            {
                ProcessSignals.Send(handle, ProcessSignals.Kill);
            }
        }

        await _tcpdump.WaitForExitAsync(CancellationToken.None);
        File.Delete(_file);
    }

    private async Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        string? line;
        do
        {
            line = await _tcpdump.StandardError.ReadLineAsync(deadline.Token);
            if (line is null)
            {
                throw new LabException("tcpdump ended at its start.", "Try it by hand in the node's namespace.");
            }
        }
        while (!line.Contains("listening on", StringComparison.Ordinal));
    }

    private void SendMark(byte[] mark)
    {
        using NetworkNamespace node = NetworkNamespace.Open(_namespacePath);
        using Socket socket = node.Run(() => new Socket(_farEnd.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        socket.SendTo(mark, new IPEndPoint(_farEnd, DiscardPort));
    }
}
