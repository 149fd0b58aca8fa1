namespace Ambient.Ztunnel.Telemetry;

/// <summary>The TCP label set of node-proxy 9.3: what a series is kept under, and its text.</summary>
internal sealed record TcpLabels
{
    private readonly TrafficDirection _direction;
    private readonly WorkloadDescription? _source;
    private readonly string? _sourceIdentity;
    private readonly ServiceDescription? _service;
    private readonly WorkloadDescription? _destination;
    private readonly string? _destinationIdentity;
    private readonly bool _isMutualTls;
    private readonly ResponseFlag _flag;

    public TcpLabels(ConnectionDescription connection, ResponseFlag flag)
    {
        _direction = connection.Direction;
        _source = connection.Source;
        _sourceIdentity = connection.IsMutualTls ? connection.SourceIdentity : null;
        _service = connection.Service;
        _destination = connection.Destination;
        _destinationIdentity = connection.DestinationIdentity;
        _isMutualTls = connection.IsMutualTls;
        _flag = flag;
    }

    /// <summary>Equal when they print alike: pods of one deployment share their series.</summary>
    public bool Equals(TcpLabels? other) =>
        other is not null
        && _direction == other._direction
        && _flag == other._flag
        && _isMutualTls == other._isMutualTls
        && _sourceIdentity == other._sourceIdentity
        && _destinationIdentity == other._destinationIdentity
        && _service == other._service
        && WorkloadDescription.PrintAlike(_source, other._source)
        && WorkloadDescription.PrintAlike(_destination, other._destination);

    /// <summary>Of the few parts that tell most series apart; it is computed for every connection.</summary>
    public override int GetHashCode() => HashCode.Combine(
        _direction, _flag, _source?.WorkloadName, _sourceIdentity, _service?.Hostname, _destination?.WorkloadName, _destinationIdentity);

    /// <summary>The text between the braces of a sample.</summary>
    public string Format()
    {
        var text = new LabelText();
        text.Add("reporter", _direction == TrafficDirection.Outbound ? "source" : "destination");
        AddWorkload(text, "source", _source);
        text.Add("source_principal", _sourceIdentity);
        AddVersion(text, "source", _source);
        text.Add("destination_service", _service?.Hostname);
        text.Add("destination_service_namespace", _service?.Namespace);
        text.Add("destination_service_name", _service?.Name);
        AddWorkload(text, "destination", _destination);
        text.Add("destination_principal", _destinationIdentity);
        AddVersion(text, "destination", _destination);
        text.Add("request_protocol", "tcp");
        text.Add("response_flags", ResponseFlags.Label(_flag));
        text.Add("connection_security_policy", _isMutualTls ? "mutual_tls" : null);
        if (_source is not null || _destination is not null)
        {
            text.Add("source_region", _source?.Region);
            text.Add("source_zone", _source?.Zone);
            text.Add("destination_region", _destination?.Region);
            text.Add("destination_zone", _destination?.Zone);
        }

        return text.ToString();
    }

    private static void AddWorkload(LabelText text, string side, WorkloadDescription? workload)
    {
        text.Add(side + "_workload", workload?.WorkloadName);
        text.Add(side + "_canonical_service", workload?.CanonicalName);
        text.Add(side + "_canonical_revision", workload?.CanonicalRevision);
        text.Add(side + "_workload_namespace", workload?.Namespace);
    }

    private static void AddVersion(LabelText text, string side, WorkloadDescription? workload)
    {
        text.Add(side + "_app", workload?.App);
        text.Add(side + "_version", workload?.CanonicalRevision);
        text.Add(side + "_cluster", workload?.ClusterId);
    }
}
