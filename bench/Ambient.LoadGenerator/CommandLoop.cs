using System.Text.Json;
using Ambient.Lab.Benchmarking.Statistics;

namespace Ambient.LoadGenerator;

/// <summary>The resident generator: one order a line in, one result a line out, until the input ends.</summary>
internal sealed class CommandLoop(TextReader input, TextWriter output)
{
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(60);
    private readonly List<HeldConnections> _held = [];

    public async Task RunAsync()
    {
        while (await input.ReadLineAsync() is string line)
        {
            LoadResult result = await ExecuteAsync(line);
            await output.WriteLineAsync(JsonSerializer.Serialize(result, LoadJson.Default.LoadResult));
            await output.FlushAsync();
        }
    }

    private async Task<LoadResult> ExecuteAsync(string line)
    {
        try
        {
            LoadCommand? command = JsonSerializer.Deserialize(line, LoadJson.Default.LoadCommand);
            return command is null ? LoadResult.Failure("empty command") : await ExecuteAsync(command);
        }
        catch (Exception failure) when (failure is IOException or JsonException or FormatException or ArgumentException)
        {
            return LoadResult.Failure(failure.Message);
        }
    }

    private async Task<LoadResult> ExecuteAsync(LoadCommand command) => command.Kind switch
    {
        LoadCommandKind.Connect => Connect(command),
        LoadCommandKind.PingPong => PingPong(command),
        LoadCommandKind.Hold => Hold(command, echo: true),
        LoadCommandKind.Stall => Hold(command, echo: false),
        LoadCommandKind.Abort => Abort(command),
        LoadCommandKind.Release => Release(),
        LoadCommandKind.ProbeTls => await TlsProbe.RunAsync(command.Target),
        _ => LoadResult.Failure($"unknown command {command.Kind}"),
    };

    private static LoadResult Connect(LoadCommand command)
    {
        using ConnectLoad load = new(LoadRoute.Of(command), command.Connections);
        return load.Run(TimeSpan.FromMilliseconds(command.Milliseconds));
    }

    private static LoadResult PingPong(LoadCommand command)
    {
        using HeldConnections connections = new();
        LoadResult opened = connections.Open(LoadRoute.Of(command), command.Connections, echo: true, OpenLimit);
        if (opened.Errors > 0)
        {
            return opened;
        }

        using PingPongLoad load = new(connections, command.Bytes);
        return load.Run(TimeSpan.FromMilliseconds(command.Milliseconds));
    }

    private LoadResult Hold(LoadCommand command, bool echo)
    {
        HeldConnections connections = new();
        _held.Add(connections);
        return connections.Open(LoadRoute.Of(command), command.Connections, echo, OpenLimit);
    }

    private static LoadResult Abort(LoadCommand command)
    {
        using HeldConnections connections = new();
        LoadResult opened = connections.Open(LoadRoute.Of(command), command.Connections, echo: false, OpenLimit);
        connections.Abort();
        return opened;
    }

    private LoadResult Release()
    {
        int count = _held.Sum(held => held.Sockets.Count);
        _held.ForEach(held => held.Dispose());
        _held.Clear();
        return LoadResult.From(new LatencyHistogram(), 0, TimeSpan.Zero, $"{count} closed");
    }
}
