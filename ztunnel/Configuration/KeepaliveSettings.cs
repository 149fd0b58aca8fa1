namespace Ambient.Ztunnel.Configuration;

/// <param name="UserTimeout">TCP_USER_TIMEOUT, set to time + interval × retries; null sets none.</param>
internal sealed record KeepaliveSettings(TimeSpan Time, TimeSpan Interval, int Retries, TimeSpan? UserTimeout)
{
    /// <summary>The kernel's limit for TCP_KEEPIDLE and TCP_KEEPINTVL, in seconds.</summary>
    private const int MaxSeconds = 32767;

    private const int MaxRetries = 127;

    public static KeepaliveSettings? Read(SettingReader reader)
    {
        bool isEnabled = reader.Boolean(SettingNames.KeepaliveEnabled, true);
        bool bounded = reader.Boolean(SettingNames.UserTimeoutEnabled, false);
        TimeSpan time = ReadSeconds(reader, SettingNames.KeepaliveTime);
        TimeSpan interval = ReadSeconds(reader, SettingNames.KeepaliveInterval);
        int retries = reader.Integer(SettingNames.KeepaliveRetries, 9, 1, MaxRetries);
        return isEnabled ? new KeepaliveSettings(time, interval, retries, bounded ? time + (interval * retries) : null) : null;
    }

    private static TimeSpan ReadSeconds(SettingReader reader, string name)
    {
        TimeSpan duration = reader.Duration(name, TimeSpan.FromSeconds(180));
        if (duration < TimeSpan.FromSeconds(1) || duration > TimeSpan.FromSeconds(MaxSeconds))
        {
            reader.Refuse(name, $"the kernel takes 1s to {MaxSeconds}s");
        }

        return duration;
    }
}
