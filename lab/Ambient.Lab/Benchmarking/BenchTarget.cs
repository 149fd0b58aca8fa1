using System.Globalization;
using System.Net;
using Ambient.Lab.State;

namespace Ambient.Lab.Benchmarking;

/// <summary>The endpoint of a measurement: HOST:PORT, resolved within a lab, where no name service runs.</summary>
/// <param name="EndPoint">Where connections go.</param>
/// <param name="Pod">The pod that has the address; null for an address outside the lab.</param>
public sealed record BenchTarget(IPEndPoint EndPoint, PodRecord? Pod)
{
    /// <exception cref="LabException">It is not HOST:PORT, the host is unknown, or it is a service.</exception>
    public static BenchTarget Resolve(LabState state, string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > IPEndPoint.MaxPort)
        {
            throw new LabException($"'{text}' is not HOST:PORT.", "Give a pod's name or an address, IPv6 in brackets, and a port: --to web:8080");
        }

        string host = text[..colon];
        bool isBracketed = host is ['[', .., ']'];
        if (IPAddress.TryParse(isBracketed ? host[1..^1] : host, out IPAddress? address) && isBracketed == host.Contains(':'))
        {
            ThrowIfService(state, service => address.Equals(IPAddress.Parse(service.AddressV4)) || address.Equals(IPAddress.Parse(service.AddressV6)), host);
            return new BenchTarget(new IPEndPoint(address, port), state.Pods.FirstOrDefault(pod => Has(pod, address)));
        }

        if (state.FindPod(host) is { } named)
        {
            return new BenchTarget(new IPEndPoint(IPAddress.Parse(named.AddressV4), port), named);
        }

        ThrowIfService(state, service => service.HostName == host || service.HostName.Split('.')[0] == host, host);
        throw new LabException($"'{host}' is neither an address nor a pod of lab {state.Name}.", $"The lab has {PodNames(state)}.");
    }

    private static bool Has(PodRecord pod, IPAddress address) =>
        address.Equals(IPAddress.Parse(pod.AddressV4)) || address.Equals(IPAddress.Parse(pod.AddressV6));

    private static void ThrowIfService(LabState state, Func<ServiceRecord, bool> isMeant, string host)
    {
        if (state.Services.FirstOrDefault(isMeant) is { } service)
        {
            throw new LabException(
                $"{host} is the service {service.HostName}, whose address only the mesh knows: a pod that is not enrolled cannot reach it.",
                $"Name a pod behind it, with the pod's own port ({string.Join(", ", service.Ports)}). The lab has {PodNames(state)}.");
        }
    }

    private static string PodNames(LabState state) => string.Join(", ", state.Pods.Select(pod => $"{pod.Name} ({pod.AddressV4})"));
}
