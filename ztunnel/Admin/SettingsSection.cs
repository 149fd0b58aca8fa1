using System.Text.Json;
using Ambient.Ztunnel.Configuration;

namespace Ambient.Ztunnel.Admin;

/// <summary>The <c>config</c> key of the dump: the settings of node-proxy 9.8 in camel case, without tokens, header values and inline documents.</summary>
internal sealed class SettingsSection(ZtunnelOptions options) : IDumpSection
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("config");
        WriteProxy(json, options.Proxy);
        WriteListeners(json, options);
        WriteTunnels(json, options.Tunnels);
        WriteSources(json, options);
        WriteSockets(json, options.Sockets);
        WriteProcess(json, options);
        json.WriteEndObject();
    }

    private static void WriteProxy(Utf8JsonWriter json, ProxyOptions proxy)
    {
        json.WriteBoolean("proxy", proxy.Enabled);
        json.WriteString("proxyMode", proxy.Mode == ProxyMode.Shared ? "Shared" : "Dedicated");
        json.WriteString("network", proxy.Network);
        json.WriteString("localNode", proxy.NodeName);
        json.WriteString("clusterId", proxy.ClusterId);
        json.WriteString("clusterDomain", proxy.ClusterDomain);
        json.WriteString("proxyWorkloadInformation", (proxy.DedicatedWorkload ?? proxy.Self)?.ToString());
        json.WriteString("preferredServiceNamespace", proxy.PreferredServiceNamespace);
        json.WriteBoolean("localhostAppTunnel", proxy.LocalhostAppTunnel);
        json.WriteBoolean("enableResponseBaggage", proxy.ResponseBaggage);
    }

    private static void WriteListeners(Utf8JsonWriter json, ZtunnelOptions options)
    {
        ListenerOptions listeners = options.Listeners;
        json.WriteString("outboundAddr", listeners.Outbound.ToString());
        json.WriteString("inboundAddr", listeners.Inbound.ToString());
        json.WriteString("inboundPlaintextAddr", listeners.InboundPlaintext.ToString());
        json.WriteBoolean("dnsProxy", options.Dns.Enabled);
        json.WriteString("dnsProxyAddr", options.Dns.Address.ToString());
        json.WriteString("dnsResolverFile", options.Dns.ResolverPath);
        json.WriteStartArray("forwards");
        foreach (LocalForward forward in listeners.Forwards)
        {
            json.WriteStringValue(forward.ToString());
        }

        json.WriteEndArray();
        json.WriteStartArray("illegalPorts");
        foreach (int port in listeners.OwnPorts.Order())
        {
            json.WriteNumberValue(port);
        }

        json.WriteEndArray();
        json.WriteBoolean("ipv6Enabled", listeners.Ipv6Enabled);
        if (listeners.OriginalSource is { } originalSource)
        {
            json.WriteBoolean("requireOriginalSource", originalSource);
        }
        else
        {
            json.WriteNull("requireOriginalSource");
        }

        json.WriteString("adminAddr", options.Admin.Admin.ToString());
        json.WriteString("statsAddr", options.Admin.Stats.ToString());
        json.WriteString("readinessAddr", options.Admin.Readiness.ToString());
    }

    private static void WriteTunnels(Utf8JsonWriter json, TunnelOptions tunnels)
    {
        json.WriteNumber("windowSize", tunnels.StreamWindowBytes);
        json.WriteNumber("connectionWindowSize", tunnels.ConnectionWindowBytes);
        json.WriteNumber("frameSize", tunnels.MaxFrameBytes);
        json.WriteNumber("poolMaxStreamsPerConn", tunnels.MaxStreamsPerConnection);
        json.WriteString("poolUnusedReleaseTimeout", DurationText.Format(tunnels.UnusedReleaseTimeout));
    }

    private static void WriteSources(Utf8JsonWriter json, ZtunnelOptions options)
    {
        json.WriteString("localXdsPath", options.Mesh.LocalPath);
        json.WriteString("xdsAddress", options.Mesh.XdsAddress);
        json.WriteBoolean("xdsOnDemand", options.Mesh.OnDemand);
        json.WriteString("caAddress", options.Certificates.CaAddress);
        json.WriteString("localRoot", options.Certificates.LocalRootDirectory);
        json.WriteString("secretTtl", DurationText.Format(options.Certificates.SecretTtl));
        json.WriteString("podList", options.Pods.ListPath);
    }

    private static void WriteSockets(Utf8JsonWriter json, SocketOptions sockets)
    {
        if (sockets.PacketMark is { } mark)
        {
            json.WriteNumber("packetMark", mark);
        }
        else
        {
            json.WriteNull("packetMark");
        }

        json.WriteStartObject("socketConfig");
        json.WriteBoolean("keepaliveEnabled", sockets.Keepalive is not null);
        if (sockets.Keepalive is { } keepalive)
        {
            json.WriteString("keepaliveTime", DurationText.Format(keepalive.Time));
            json.WriteString("keepaliveInterval", DurationText.Format(keepalive.Interval));
            json.WriteNumber("keepaliveRetries", keepalive.Retries);
            json.WriteBoolean("userTimeoutEnabled", keepalive.UserTimeout is not null);
        }

        json.WriteEndObject();
        json.WriteBoolean("inpodPortReuse", sockets.PortReuse);
    }

    private static void WriteProcess(Utf8JsonWriter json, ZtunnelOptions options)
    {
        json.WriteNumber("numWorkerThreads", options.Workers.Threads);
        json.WriteString("selfTerminationDeadline", DurationText.Format(options.Drain.Deadline));
        json.WriteStartObject("proxyMetadata");
        foreach ((string name, string value) in options.Metadata.Values)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}
