package org.trutina;

/** A language of explanations. */
public enum Language {
    /** English. */
    EN("en"),
    /** Simplified Chinese, 简体中文. */
    ZH_CN("zh-CN");

    private final String tag;

    Language(String tag) {
        this.tag = tag;
    }

    /**
     * The language tag.
     *
     * @return {@code en} or {@code zh-CN}, the keys of {@link Reason#text()}
     */
    public String tag() {
        return tag;
    }
}
