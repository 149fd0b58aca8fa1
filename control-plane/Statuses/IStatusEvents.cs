namespace Ambient.ControlPlane.Statuses;

/// <summary>What is worth a line in a log or a count. Must not block or throw.</summary>
public interface IStatusEvents
{
    /// <summary>Something was written.</summary>
    void Written(StatusWork work);

    /// <summary>A write failed, and is tried again.</summary>
    void Failed(StatusWork work, Exception error, TimeSpan retryIn);
}
