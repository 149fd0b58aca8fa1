using System.Net;
using System.Text.Json;

namespace Ambient.Cli.Dumps;

/// <summary>Names for the addresses of connections: the workload's, else the service's (control-plane-and-cni 9.1).</summary>
internal sealed class AddressNames
{
    private readonly Dictionary<IPAddress, string> _names = [];

    public AddressNames(Dump dump)
    {
        foreach (JsonElement workload in dump.Optional(Dump.Workloads))
        {
            foreach (JsonElement address in workload.Items("workloadIps"))
            {
                Add(address.AsText(), $"{workload.Text("name")}.{workload.Text("namespace")}");
            }
        }

        foreach (JsonElement service in dump.Optional(Dump.Services))
        {
            foreach (JsonElement vip in service.Items("vips"))
            {
                string text = vip.AsText();
                Add(text[(text.IndexOf('/') + 1)..], service.Text("hostname"));
            }
        }
    }

    /// <summary>ADDRESS:PORT with the name in the address's place; as it is when it has none.</summary>
    public string Of(string endPoint) =>
        IPEndPoint.TryParse(endPoint, out IPEndPoint? parsed) && _names.TryGetValue(Plain(parsed.Address), out string? name) ? $"{name}:{parsed.Port}" : endPoint;

    private void Add(string address, string name)
    {
        if (IPAddress.TryParse(address, out IPAddress? parsed))
        {
            _names.TryAdd(Plain(parsed), name);
        }
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
