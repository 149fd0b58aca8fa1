using System.Net;
using Ambient.LoadGenerator.Interop;

namespace Ambient.LoadGenerator;

/// <summary>Where the connections of one load go, and the addresses that they come from in turn: a proxy that keeps pods apart sees so many pods.</summary>
internal sealed class LoadRoute
{
    private readonly NativeEndPoint _target;
    private readonly NativeEndPoint[] _sources;
    private int _next;

    private LoadRoute(NativeEndPoint target, NativeEndPoint[] sources)
    {
        _target = target;
        _sources = sources;
    }

    public static LoadRoute Of(LoadCommand command)
    {
        const int FirstSource = 2;
        IPEndPoint target = IPEndPoint.Parse(command.Target);
        int sources = IPAddress.IsLoopback(target.Address) ? Math.Min(command.Sources, 250) : 0;
        return new LoadRoute(
            NativeEndPoint.From(target),
            [.. Enumerable.Range(FirstSource, sources).Select(last => NativeEndPoint.From(new IPEndPoint(new IPAddress([127, 0, 0, (byte)last]), 0)))]);
    }

    /// <summary>Starts the next connection; negative when that was not possible.</summary>
    public int StartConnect()
    {
        if (_sources.Length == 0)
        {
            return ClientSocket.StartConnect(_target, source: null);
        }

        _next = (_next + 1) % _sources.Length;
        return ClientSocket.StartConnect(_target, _sources[_next]);
    }
}
