using System.Net;
using System.Runtime.CompilerServices;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Mesh.Addresses;
using Ambient.Mesh.State;
using Ambient.Mesh.Telemetry;
using Ambient.Mesh.Workloads;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Pods;
using Ambient.Ztunnel.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Inbound;

/// <summary>What a CONNECT stream's peer is answered, and what telemetry and the admin pages say of it.</summary>
internal sealed class InboundReport(
    MeshStore store,
    ProxyOptions options,
    Func<bool> isPolicyLogged,
    ConnectionTable connections,
    ToldSources told,
    ConnectionReporter reporter,
    ILogger logger)
{
    /// <summary>A status without a tunnel; nothing follows it.</summary>
    public static void Answer(TunnelStream stream, HttpStatusCode status) => stream.Respond((int)status, new Http2Headers(), endStream: true);

    /// <summary>What the peer said of the trace that the request is part of; null when it said nothing that is valid (node-proxy 1.3.4).</summary>
    public static TraceParent? TraceOf(Http2Headers request) =>
        TraceParent.TryParse(request.Find("traceparent"u8), out TraceParent parent) ? parent : null;

    /// <summary>200, with what the mesh says of the pod.</summary>
    public void Accept(TunnelStream stream, Workload workload)
    {
        Http2Headers headers = new();
        if (options.ResponseBaggage)
        {
            headers.Add(Baggage.HeaderName, Baggage.Of(workload).ToString());
        }

        stream.Respond((int)HttpStatusCode.OK, headers, endStream: false);
    }

    /// <summary>A request refused before it was accounted: the status, and one warning line.</summary>
    public void Refuse(TunnelStream stream, RefusedRequest refused)
    {
        stream.Respond(refused.Status, new Http2Headers(), endStream: true);
        reporter.Refused(TrafficDirection.Inbound, stream.Connection.RemoteEndPoint, stream.Connection.LocalEndPoint, refused.Failure);
    }

    /// <summary>Opens the record of an accounted stream.</summary>
    public ConnectionRecord Open(
        TunnelStream stream,
        Http2Headers request,
        InboundRequest asked,
        ForwardRoute route,
        InboundCaller caller,
        ConnectionTraffic traffic,
        TraceParent? trace)
    {
        WorkloadDescription? destination = WorkloadDescriptions.Of(asked.Local);
        return reporter.Open(
            new ConnectionDescription(
                TrafficDirection.Inbound,
                caller.Address,
                SourceOf(caller.Address, request),
                caller.Identity,
                stream.Connection.LocalEndPoint,
                request.Authority,
                WorkloadDescriptions.Of(route.DestinationService),
                destination,
                destination?.Identity,
                IsMutualTls: true),
            traffic,
            trace);
    }

    /// <summary>
    /// Says that the request was received, and keeps the stream in sight from before its first judgement, so that no change of policy is lost
    /// (node-proxy 4.6).
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="request">Its headers.</param>
    /// <param name="asked">What they ask for.</param>
    /// <param name="route">Where that is.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="trace">Of the stream's span, else what the peer said; null has lines about it share a random id.</param>
    public TrackedConnection Track(
        TunnelStream stream, Http2Headers request, InboundRequest asked, ForwardRoute route, InboundCaller caller, TraceParent? trace)
    {
        bool isRequestLogged = logger.IsEnabled(LogLevel.Debug);
        StrongBox<TraceParent>? id = isRequestLogged || isPolicyLogged() ? TrackedConnection.Keep(trace) : null;
        if (isRequestLogged)
        {
            InboundLog.Requested(logger.WithinConnection(TrafficDirection.Inbound, id!.Value, caller.Address), request.Authority);
        }

        TrackedConnection tracked = new(connections, stream.Loop, TrafficDirection.Inbound, caller.Address)
        {
            OriginalDestination = asked.ForwardedHost,
            ActualDestination = route.Upstream,
            Protocol = PodConnectionProtocol.Hbone,
            Destination = asked.Local,
            Request = caller.RequestTo(route),
            Trace = id,
            Close = stream.Abort,
        };
        connections.Add(tracked);
        return tracked;
    }

    /// <summary>The source by its address, unless it is behind another network's gateway; else what it says of itself.</summary>
    private WorkloadDescription? SourceOf(IPEndPoint peer, Http2Headers request)
    {
        bool isRemote = ForwardedNetwork.IsRemote(request.Find("x-forwarded-network"u8), options.Network);
        Workload? known = isRemote ? null : store.Current.FindWorkload(options.Network, MeshIp.From(peer.Address));
        if (known is not null)
        {
            return WorkloadDescriptions.Of(known);
        }

        return options.ResponseBaggage ? told.Of(Baggage.Parse(request.FindAll("baggage"u8))) : null;
    }
}
