namespace ActorFlow.Configuration.Tests;

/// <summary>Options with a property of every type that can be configured.</summary>
public sealed class SampleOptions
{
    public string Name { get; set; } = "sample";

    public bool IsOn { get; set; }

    [SettingRange(1, 10)]
    public int Count { get; set; } = 1;

    [SettingRange(1)]
    public long Bytes { get; set; } = 1;

    [SettingRange("10ms", "1d")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    public DayOfWeek Day { get; set; }

    public IList<string> Names { get; set; } = ["one", "two"];

    [SettingRange(1)]
    public IDictionary<string, int> Slots { get; set; } = new Dictionary<string, int> { ["default"] = 8 };

    public InnerOptions Inner { get; } = new();
}

public sealed class InnerOptions
{
    public int Depth { get; set; } = 1;
}
