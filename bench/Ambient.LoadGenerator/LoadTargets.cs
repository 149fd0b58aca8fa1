using System.Net;
using Ambient.LoadGenerator.Interop;

namespace Ambient.LoadGenerator;

/// <summary>The addresses that one load visits in turn.</summary>
internal sealed class LoadTargets
{
    private readonly NativeEndPoint[] _addresses;
    private int _next;

    private LoadTargets(NativeEndPoint[] addresses) => _addresses = addresses;

    public static LoadTargets Of(LoadCommand command)
    {
        IPEndPoint first = IPEndPoint.Parse(command.Target);
        int[] ports = command.Ports is { Length: > 0 } ? command.Ports : [first.Port];
        return new LoadTargets([.. ports.Select(port => NativeEndPoint.From(new IPEndPoint(first.Address, port)))]);
    }

    public NativeEndPoint Next()
    {
        NativeEndPoint address = _addresses[_next];
        _next = (_next + 1) % _addresses.Length;
        return address;
    }
}
